package org.bitgrid.nn.io;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bitgrid.nn.Dropout;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.MSELoss;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.optim.Adam;
import org.bitgrid.nn.optim.StepLR;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** A training run in a process of its own that goes on from its checkpoint, if there is one, and says when it saved. */
public final class ResumableRun {
    static final int EPOCHS = 40;
    private static final int STEPS = 5;

    private ResumableRun() {
    }

    /** @param arguments folder for {@code run.json} and, in the end, {@code final.safetensors} */
    public static void main(String[] arguments) {
        train(Path.of(arguments[0]), Long.parseLong(arguments[1]));
    }

    static void train(Path folder, long pauseMillis) {
        Rng rng = new Rng(7);
        Rng.setCurrent(rng);
        Module model = new Sequential(new Linear(16, 64), new ReLU(), new Dropout(0.3), new Linear(64, 4));
        Adam optimizer = new Adam(model.parameters(), 1e-2);
        StepLR scheduler = new StepLR(optimizer, 10);
        TrainingCheckpoint checkpoint = new TrainingCheckpoint(folder.resolve("run.json"), model).optimizer(optimizer)
                .scheduler(scheduler).rng(rng);
        MSELoss lossFunction = new MSELoss();
        for (long epoch = checkpoint.exists() ? checkpoint.restore() : 0; epoch < EPOCHS; epoch++) {
            for (int step = 0; step < STEPS; step++) {
                Tensor x = Tensors.randn(rng, 32, 16);
                lossFunction.call(model.call(x), x.slice(1, 0, 4, 1)).backward();
                optimizer.step();
                optimizer.zeroGrad();
            }
            scheduler.step();
            checkpoint.save(epoch + 1);
            System.out.println("saved " + (epoch + 1));
            pause(pauseMillis);
        }
        Map<String, Tensor> end = new LinkedHashMap<>(model.stateDict());
        optimizer.stateDict().tensors().forEach((name, tensor) -> end.put("optimizer." + name, tensor));
        SafeTensors.write(folder.resolve("final.safetensors"), end);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
