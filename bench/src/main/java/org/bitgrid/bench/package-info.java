/**
 * Benchmarks: one class for each family of kernels, whole training steps, and a main class that runs them and prints
 * each rate beside this machine's limit.
 */
package org.bitgrid.bench;
