package org.bitgrid.examples;

import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.tensor.Tensor;

/** The network of the quickstart, as a user writes it. */
public class Network extends Module {
    final Conv2d conv1 = add("conv1", new Conv2d(1, 128, 3).stride(2).padding(1));
    final BatchNorm2d bn1 = add("bn_1", new BatchNorm2d(128));
    final Conv2d conv2 = add("conv2", new Conv2d(128, 256, 3).stride(2).padding(1));
    final BatchNorm2d bn2 = add("bn_2", new BatchNorm2d(256));
    final Linear linear = add("linear", new Linear(7 * 7 * 256, 10));

    @Override
    protected Tensor forward(Tensor x) {
        x = F.relu(bn1.call(conv1.call(x)));
        x = F.relu(bn2.call(conv2.call(x)));
        x = linear.call(x.view(x.size(0), -1));
        return F.softmax(x, -1);
    }
}
