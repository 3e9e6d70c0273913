package org.bitgrid.cli.quickstart;

import java.io.IOException;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.cli.CheckFailedException;
import org.bitgrid.cli.UsageException;
import org.bitgrid.cli.data.FashionMnistSource;
import org.bitgrid.cli.data.ImageData;
import org.bitgrid.cli.ui.LogLines;
import org.bitgrid.cli.ui.Progress;
import org.bitgrid.cli.ui.Terminal;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.data.Batch;
import org.bitgrid.nn.data.DataLoader;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.optim.Adam;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.fold.BatchNormFolding;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;

/** The guide, step by step; prints what the guide prints. */
final class Quickstart {
    private static final double LEARNING_RATE = 1e-4;
    /** The guide calibrates on the first eleven batches. */
    private static final int CALIBRATION_BATCHES = 11;

    private final QuickstartSettings settings;
    private final Terminal terminal;
    private final FashionMnistSource source;
    private final Training training;
    private final Device device;
    private final QuickstartReport report;
    private ImageData images;
    private DataLoader trainLoader;

    Quickstart(QuickstartSettings settings, Terminal terminal, Progress progress, FashionMnistSource source) {
        this.settings = settings;
        this.terminal = terminal;
        this.source = source;
        this.device = settings.backend().device();
        this.training = new Training(progress, settings.batch(), device);
        this.report = new QuickstartReport(terminal.nanoTime());
    }

    QuickstartReport run() throws IOException {
        Rng before = Rng.current();
        Rng.setCurrent(new Rng(settings.seed()));
        try {
            load();
            Module model = train();
            Accuracy floating = evaluate("float", model);
            terminal.print("Floating point accuracy: " + Accuracy.text(floating.train()));
            printTest("Floating point accuracy", floating);
            GraphModule prepared = prepare(model, floating);
            fold(prepared);
            QuantizationSimModel sim = simulate(prepared);
            Accuracy quantized = evaluate("quantized", sim.model());
            terminal.print(sim.model().toString());
            terminal.print("Floating point model accuracy: " + Accuracy.text(floating.train()) + " %\n"
                    + "Quantized model accuracy: " + Accuracy.text(quantized.train()) + " %");
            printTest("Quantized model accuracy", quantized);
            fineTune(sim);
            Accuracy fineTuned = evaluate("qat", sim.model());
            terminal.print("Original quantized model accuracy: " + Accuracy.text(quantized.train()) + " %\n"
                    + "Post-QAT model accuracy: " + Accuracy.text(fineTuned.train()) + " %");
            printTest("Post-QAT model accuracy", fineTuned);
            export(sim);
            return report;
        } finally {
            Rng.setCurrent(before);
        }
    }

    private void load() throws IOException {
        images = source.load(settings.data(), settings.limit(), settings.seed());
        if (images.train().size() % settings.batch() == 1) {
            throw new UsageException("quickstart: the last batch would hold a single image, of which batch norm cannot "
                    + "take statistics; got " + images.train().size() + " training images in batches of "
                    + settings.batch() + "; do choose another --batch or --limit");
        }
        trainLoader = new DataLoader(images.train(), settings.batch()).shuffle(settings.seed());
        report.data(images);
        report.stage("data");
    }

    private Module train() {
        Module model = new QuickstartNetwork().to(device);
        Adam optimizer = new Adam(model.parameters(), LEARNING_RATE);
        model.train();
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            report.epochLoss(training.epoch("Epoch " + epoch + "/" + settings.epochs(), model, trainLoader, optimizer));
        }
        report.stage("train");
        return model;
    }

    private Accuracy evaluate(String name, Module model) {
        Accuracy accuracy = new Accuracy(training.evaluate("Evaluate " + name + ", training images", model,
                images.train()), training.evaluate("Evaluate " + name + ", test images", model, images.test()));
        report.accuracy(name, accuracy);
        report.stage("evaluate");
        return accuracy;
    }

    /** A line of our own after those of the guide, whose test loader reads the training images. */
    private void printTest(String label, Accuracy accuracy) {
        terminal.print(String.format(Locale.ROOT, "%s on the %,d test images: %s %%", label,
                images.test().size(), Accuracy.text(accuracy.test())));
    }

    private GraphModule prepare(Module model, Accuracy floating) {
        LogLines log = new LogLines(terminal);
        log.info("root", "Bitgrid");
        GraphModule prepared;
        try (Batch sample = sample(); Dispatch.Scope listening = QuantLog.listen((level, area, message) -> {
            if (level == System.Logger.Level.INFO) {
                log.info(area, message);
            } else if (level.getSeverity() >= System.Logger.Level.WARNING.getSeverity()) {
                log.warning(area, message);
            }
        })) {
            prepared = ModelPreparer.prepareModel(model, sample.inputs().to(device));
        }
        report.stage("prepare");
        terminal.print(prepared.toString());
        Accuracy accuracy = evaluate("prepared", prepared);
        if (accuracy.train() != floating.train() || accuracy.test() != floating.test()) {
            throw new CheckFailedException("prepare: the prepared model differs from the model; got " + accuracy
                    + "; expected " + floating);
        }
        return prepared;
    }

    private void fold(GraphModule prepared) {
        try (Batch sample = sample()) {
            BatchNormFolding.foldAllBatchNorms(prepared, sample.inputs().to(device));
        }
        report.stage("fold");
        terminal.print(prepared.toString());
        evaluate("folded", prepared);
    }

    private QuantizationSimModel simulate(GraphModule prepared) {
        QuantizationSimModel sim;
        try (Batch sample = sample()) {
            sim = new QuantizationSimModel(prepared, sample.inputs().to(device),
                    QuantSimOptions.defaults().outputBitwidth(8).paramBitwidth(4));
            sim.model().to(device);
        }
        try (Dispatch.Scope noGrad = Autograd.noGrad(); var calibration = sim.computeEncodings();
             DataLoader.BatchIterator batches = trainLoader.iterator()) {
            for (int i = 0; i < CALIBRATION_BATCHES && batches.hasNext(); i++) {
                try (Batch batch = batches.next(); TensorScope scope = TensorScope.open()) {
                    sim.model().call(batch.inputs().to(device));
                }
            }
        }
        report.stage("quantize");
        return sim;
    }

    private void fineTune(QuantizationSimModel sim) {
        Adam optimizer = new Adam(sim.model().parameters(), LEARNING_RATE);
        for (int epoch = 1; epoch <= settings.qatEpochs(); epoch++) {
            report.epochLoss(training.epoch("QAT epoch " + epoch + "/" + settings.qatEpochs(), sim.model(), trainLoader,
                    optimizer));
        }
        report.stage("qat");
    }

    private void export(QuantizationSimModel sim) {
        try (Batch sample = sample()) {
            sim.model().to(Device.CPU); // files are written from the host's memory
            sim.export(settings.out(), QuickstartSettings.PREFIX, sample.inputs()).files()
                    .forEach(report::file);
        }
        report.stage("export");
    }

    /** The first batch of a walk in order: only its shape matters. */
    private Batch sample() {
        return images.train().batch(IntStream.range(0, Math.min(settings.batch(),
                images.train().size())).toArray());
    }
}
