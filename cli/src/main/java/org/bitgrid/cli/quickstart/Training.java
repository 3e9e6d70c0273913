package org.bitgrid.cli.quickstart;

import java.util.Locale;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.cli.ui.Progress;
import org.bitgrid.cli.ui.ProgressUnit;
import org.bitgrid.nn.CrossEntropyLoss;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.data.Batch;
import org.bitgrid.nn.data.DataLoader;
import org.bitgrid.nn.data.Dataset;
import org.bitgrid.nn.optim.Optimizer;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;

/** The guide's training and evaluation loops. */
final class Training {
    private final Progress progress;
    private final int batchSize;
    private final Device device;

    Training(Progress progress, int batchSize, Device device) {
        this.progress = progress;
        this.batchSize = batchSize;
        this.device = device;
    }

    /**
     * One pass over the images.
     *
     * @param title names the pass in the progress display
     * @return mean loss of the images
     */
    double epoch(String title, Module model, DataLoader images, Optimizer optimizer) {
        CrossEntropyLoss lossFunction = new CrossEntropyLoss();
        double sum = 0;
        long seen = 0;
        try (Progress.Task task = progress.start(title, images.dataset().size(), ProgressUnit.IMAGES)) {
            for (Batch batch : images) {
                try (batch; TensorScope scope = TensorScope.open()) {
                    Tensor output = model.call(batch.inputs().to(device));
                    Tensor loss = lossFunction.call(output, batch.targets().to(device));
                    loss.backward();
                    optimizer.step();
                    optimizer.zeroGrad();
                    sum += loss.item() * batch.size();
                    seen += batch.size();
                    task.advance(batch.size(), String.format(Locale.ROOT, "loss %.4f", sum / seen));
                }
            }
        }
        return sum / seen;
    }

    /** Right predictions in per cent; leaves the model in evaluation mode, as the guide's loop does. */
    float evaluate(String title, Module model, Dataset images) {
        model.eval();
        long correct = 0;
        long total = 0;
        try (Progress.Task task = progress.start(title, images.size(), ProgressUnit.IMAGES);
             Dispatch.Scope noGrad = Autograd.noGrad()) {
            for (Batch batch : new DataLoader(images, batchSize)) {
                try (batch; TensorScope scope = TensorScope.open()) {
                    Tensor predicted = model.call(batch.inputs().to(device)).argmax(1);
                    correct += predicted.countEqual(batch.targets().to(device)).itemLong();
                    total += batch.size();
                    task.advance(batch.size(), String.format(Locale.ROOT, "%.2f %%", Accuracy.percent(correct, total)));
                }
            }
        }
        return Accuracy.percent(correct, total);
    }
}
