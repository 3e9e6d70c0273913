/** The command {@code bitgrid bench}: how far the quickstart's work is from this machine's limits. */
package org.bitgrid.cli.bench;
