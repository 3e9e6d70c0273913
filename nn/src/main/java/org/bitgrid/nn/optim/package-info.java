/**
 * Optimizers and learning-rate schedules, with PyTorch's formulas and defaults. An optimizer is given the parameters
 * and changes them in place from their gradients; its state is kept by {@link org.bitgrid.nn.Parameter}, so that
 * replacing a parameter's tensor does not lose it.
 *
 * <pre>{@code
 * Adam optimizer = new Adam(model.parameters(), 1e-3).weightDecay(1e-4);
 * loss.backward();
 * optimizer.step();
 * optimizer.zeroGrad();
 * }</pre>
 */
package org.bitgrid.nn.optim;
