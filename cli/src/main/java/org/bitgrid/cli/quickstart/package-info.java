/** The command {@code bitgrid quickstart}: trains, prepares, folds, quantizes, calibrates, fine-tunes and exports. */
package org.bitgrid.cli.quickstart;
