/** Looking into networks: tables of layers and of operators. */
package org.bitgrid.nn.debug;
