/**
 * The {@code bitgrid} command: reading command lines, exit codes, and telling the user what went wrong.
 *
 * <p>{@link org.bitgrid.cli.Main} is the entry point; each command has a package of its own.
 */
package org.bitgrid.cli;
