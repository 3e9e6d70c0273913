/** The command {@code bitgrid doctor}. */
package org.bitgrid.cli.doctor;
