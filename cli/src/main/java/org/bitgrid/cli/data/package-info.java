/** Where the pictures come from: a folder, the cache, the network, or the drawing board. */
package org.bitgrid.cli.data;
