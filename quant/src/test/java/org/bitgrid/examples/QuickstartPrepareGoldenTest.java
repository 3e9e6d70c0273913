package org.bitgrid.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.data.IdxFile;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.fold.BatchNormFolding;
import org.bitgrid.quant.fold.FoldReport;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.testing.GoldenModels;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Prepares and folds the quickstart's network, trained by PyTorch: log lines, texts and weights must be AIMET's. */
class QuickstartPrepareGoldenTest {
    private static final String CODE = """



            def forward(self, x):
                conv1 = self.conv1(x);  x = None
                bn_1 = self.bn_1(conv1);  conv1 = None
                module_relu = self.module_relu(bn_1);  bn_1 = None
                conv2 = self.conv2(module_relu);  module_relu = None
                bn_2 = self.bn_2(conv2);  conv2 = None
                module_relu_1 = self.module_relu_1(bn_2);  bn_2 = None
                getattr_1 = module_relu_1.shape
                getitem = getattr_1[0];  getattr_1 = None
                view = module_relu_1.view(getitem, -1);  module_relu_1 = getitem = None
                linear = self.linear(view);  view = None
                module_softmax = self.module_softmax(linear);  linear = None
                return module_softmax
               \s
            # To see more debug info, please use `graph_module.print_readable()`""";

    private static final Tensor SAMPLE = Tensors.rand(new Rng(7), 3, 1, 28, 28);

    private final List<String> lines = new ArrayList<>();

    private GraphModule prepare(Network network) {
        try (var scope = QuantLog.listen((level, area, message) -> {
            if (level == System.Logger.Level.INFO) {
                lines.add(area + " - " + level + " - " + message);
            }
        })) {
            return ModelPreparer.prepareModel(network, SAMPLE);
        }
    }

    @Test
    void printsWhatTheGuidePrints() {
        GraphModule prepared = prepare(new Network());
        assertThat(lines).containsExactly(
                "ModelPreparer - INFO - Functional         : Adding new module for node: {module_relu} ",
                "ModelPreparer - INFO - Functional         : Adding new module for node: {module_relu_1} ",
                "ModelPreparer - INFO - Functional         : Adding new module for node: {module_softmax} ");
        assertThat(prepared.toString()).isEqualTo("""
                GraphModule(
                  (conv1): Conv2d(1, 128, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
                  (bn_1): BatchNorm2d(128, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
                  (conv2): Conv2d(128, 256, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
                  (bn_2): BatchNorm2d(256, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
                  (linear): Linear(in_features=12544, out_features=10, bias=True)
                  (module_relu): ReLU()
                  (module_relu_1): ReLU()
                  (module_softmax): Softmax(dim=-1)
                )
                """ + CODE);
        BatchNormFolding.foldAllBatchNorms(prepared, SAMPLE);
        assertThat(prepared.toString()).isEqualTo("""
                GraphModule(
                  (conv1): Conv2d(1, 128, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
                  (bn_1): Identity()
                  (conv2): Conv2d(128, 256, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
                  (bn_2): Identity()
                  (linear): Linear(in_features=12544, out_features=10, bias=True)
                  (module_relu): ReLU()
                  (module_relu_1): ReLU()
                  (module_softmax): Softmax(dim=-1)
                )
                """ + CODE);
    }

    @Test
    void foldsToAimetsWeights() throws IOException {
        Path folder = GoldenModels.folder("quickstart");
        Network network = new Network();
        Map<String, Tensor> trained = new LinkedHashMap<>(SafeTensors.read(folder.resolve("trained.safetensors")));
        network.stateDict().forEach(trained::putIfAbsent); // counters of batches are not recorded
        network.loadStateDict(trained);
        network.eval();
        Tensor floating = network.call(SAMPLE);
        GraphModule prepared = prepare(network);
        assertThat(prepared + "\n").isEqualTo(text(folder.resolve("prepared.txt")));
        assertThat(prepared.call(SAMPLE).toFloatArray()).isEqualTo(floating.toFloatArray());
        FoldReport report = BatchNormFolding.foldAllBatchNorms(prepared, SAMPLE);
        assertThat(prepared + "\n").isEqualTo(text(folder.resolve("folded.txt")));
        assertThat(report.pairs()).hasSize(2);
        assertThat(report.converted()).isEmpty();
        assertThat(report.maxDifference()).isLessThan(1e-5); // probabilities
        Map<String, Tensor> golden = SafeTensors.read(folder.resolve("folded.safetensors"));
        Map<String, Tensor> folded = prepared.stateDict();
        assertThat(folded.keySet()).containsExactlyInAnyOrderElementsOf(golden.keySet());
        golden.forEach((name, expected) -> assertThat(folded.get(name).sub(expected).abs().max().item()).as(name)
                .isCloseTo(0, within(1e-6 * Math.max(1, expected.abs().max().item()))));
    }

    /** Whether each image is classified rightly, by models of 128 images at a time. */
    private static List<Boolean> hits(Module model, Tensor images, Tensor labels) {
        List<Boolean> hits = new ArrayList<>();
        long[] expected = labels.toLongArray();
        for (int start = 0; start < expected.length; start += 128) {
            int length = Math.min(128, expected.length - start);
            try (var noGrad = Dispatch.gradEnabled(false)) {
                long[] actual = model.call(images.narrow(0, start, length)).argmax(1).toLongArray();
                for (int i = 0; i < length; i++) {
                    hits.add(actual[i] == expected[start + i]);
                }
            }
        }
        return hits;
    }

    @Test
    void classifiesRealImagesAsBefore() {
        Path folder = GoldenModels.folder("quickstart");
        Path data = Path.of(System.getProperty("bitgrid.data", ""));
        boolean there = Files.exists(data.resolve("t10k-images-idx3-ubyte.gz"));
        if (!there) {
            System.out.println("images: -Dbitgrid.data names no folder with Fashion-MNIST; their case is skipped");
        }
        Assumptions.assumeTrue(there, "no images");
        int count = 1000;
        Tensor images = IdxFile.read(data.resolve("t10k-images-idx3-ubyte.gz")).narrow(0, 0, count)
                .reshape(count, 1, 28, 28).to(DType.FLOAT32).div(255.0);
        Tensor labels = IdxFile.read(data.resolve("t10k-labels-idx1-ubyte.gz")).narrow(0, 0, count).to(DType.INT64);
        Network network = new Network();
        Map<String, Tensor> trained = new LinkedHashMap<>(SafeTensors.read(folder.resolve("trained.safetensors")));
        network.stateDict().forEach(trained::putIfAbsent);
        network.loadStateDict(trained);
        network.eval();
        GraphModule prepared = prepare(network);
        List<Boolean> floating = hits(network, images, labels);
        assertThat(floating.stream().filter(hit -> hit).count()).isBetween((long) (0.87 * count), (long) (0.95 * count));
        assertThat(hits(prepared, images, labels)).isEqualTo(floating);
        BatchNormFolding.foldAllBatchNorms(prepared, images.narrow(0, 0, 16));
        List<Boolean> folded = hits(prepared, images, labels);
        long changed = IntStream.range(0, count)
                .filter(i -> !folded.get(i).equals(floating.get(i))).count();
        assertThat(100.0 * changed / count).isLessThanOrEqualTo(0.02);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).replaceAll("(BatchNorm2d\\(.*affine=True), bias=True", "$1");
    }
}
