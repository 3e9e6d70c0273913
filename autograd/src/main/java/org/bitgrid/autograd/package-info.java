/**
 * Reverse-mode differentiation. {@link org.bitgrid.autograd.Tape} records operators where gradients are wanted;
 * {@link org.bitgrid.autograd.Autograd} is the front door.
 */
package org.bitgrid.autograd;
