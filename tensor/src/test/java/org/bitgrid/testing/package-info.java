/**
 * What tests of all modules share: the table of operator samples, tolerances that follow from arithmetic, seeds, golden
 * data and guarded buffers. Read {@link org.bitgrid.testing.OpSamples} first; {@code docs/testing.md} tells which tests
 * are derived from it.
 */
package org.bitgrid.testing;
