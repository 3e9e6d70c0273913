/** {@code bitgrid verify-export}. */
package org.bitgrid.cli.export;
