/** What the user sees while a command runs: log lines, progress, warnings. */
package org.bitgrid.cli.ui;
