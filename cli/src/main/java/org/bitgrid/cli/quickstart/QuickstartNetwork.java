package org.bitgrid.cli.quickstart;

import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.tensor.Tensor;

/** Two convolutions with batch norm, a linear layer and softmax: (N, 1, 28, 28) -> (N, 10). */
public final class QuickstartNetwork extends Module {
    private final Conv2d conv1 = add("conv1", new Conv2d(1, 128, 3).stride(2).padding(1));
    private final BatchNorm2d bn1 = add("bn_1", new BatchNorm2d(128));
    private final Conv2d conv2 = add("conv2", new Conv2d(128, 256, 3).stride(2).padding(1));
    private final BatchNorm2d bn2 = add("bn_2", new BatchNorm2d(256));
    private final Linear linear = add("linear", new Linear(7 * 7 * 256, 10));

    @Override
    protected Tensor forward(Tensor images) {
        Tensor x = F.relu(bn1.call(conv1.call(images)));
        x = F.relu(bn2.call(conv2.call(x)));
        x = linear.call(x.view(x.size(0), -1));
        return F.softmax(x, -1);
    }

    @Override
    public String typeName() {
        return "Network";
    }
}
