/** First values of parameters, with PyTorch's formulas. */
package org.bitgrid.nn.init;
