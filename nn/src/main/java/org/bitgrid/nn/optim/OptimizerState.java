package org.bitgrid.nn.optim;

import java.util.Map;
import org.bitgrid.tensor.Tensor;

/**
 * Everything an optimizer needs to go on later, by name and in a fixed order, so that it can be written as tensors
 * and numbers. Parameters are numbered through all groups as in PyTorch: {@code state.3.exp_avg} belongs to the fourth
 * one. Numbers are {@code state.3.step} and the settings of each group, such as {@code group.0.lr}.
 *
 * @param tensors state tensors (not copies)
 * @param numbers step counts and settings
 */
public record OptimizerState(Map<String, Tensor> tensors, Map<String, Double> numbers) {
}
