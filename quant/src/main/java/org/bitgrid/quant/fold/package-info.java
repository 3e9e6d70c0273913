/** Folds batch normalisation into the layers beside it. */
package org.bitgrid.quant.fold;
