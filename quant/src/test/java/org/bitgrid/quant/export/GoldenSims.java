package org.bitgrid.quant.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.config.QuantSimConfig;
import org.bitgrid.quant.fold.BatchNormFolding;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.testing.GoldenModels;
import org.bitgrid.testing.GoldenModels.GoldenModel;

/** Calibrated simulations of every network of the golden data under every configuration recorded for it. */
final class GoldenSims {
    /** One simulation of one network. */
    record Case(GoldenModel model, String name, JsonValue json) {
        /** The simulation, calibrated once for all tests; not to be changed. */
        QuantizationSimModel calibrated() {
            return CALIBRATED.computeIfAbsent(toString(), key -> calibrate());
        }

        private QuantizationSimModel calibrate() {
            JsonValue exported = Json.read(file("0.6.1", ""));
            String scheme = exported.get("quantizer_args").get("quant_scheme").asString();
            Path config = GoldenModels.folder("configs").resolve(json.get("config").asString());
            QuantSimOptions options = QuantSimOptions.defaults().scheme(scheme).config(QuantSimConfig.read(config))
                    .paramBitwidth(json.get("param_bw").asInt()).outputBitwidth(json.get("output_bw").asInt());
            try (var quiet = QuantLog.listen((level, area, message) -> { })) {
                GraphModule prepared = ModelPreparer.prepareModel(model.network(), model.input(0));
                BatchNormFolding.foldAllBatchNorms(prepared, model.input(0));
                QuantizationSimModel sim = new QuantizationSimModel(prepared, List.of(model.input(0)), options);
                sim.computeEncodings(graph -> {
                    for (int batch = 0; batch < model.batches() - 1; batch++) {
                        graph.callWith(List.of((Object[]) model.input(batch)));
                    }
                });
                return sim;
            }
        }

        /** What AIMET exported. */
        Path file(String version, String suffix) {
            return model.folder().resolve(name + "-" + version + "-" + model.name() + suffix + ".encodings");
        }

        @Override
        public String toString() {
            return model.name() + " " + name;
        }
    }

    private static final Map<String, QuantizationSimModel> CALIBRATED = new HashMap<>();

    private GoldenSims() {
    }

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        GoldenModels.all().forEach(model -> model.json().get("sims").fields().forEach((name, json) ->
                cases.add(new Case(model, name, json))));
        return cases;
    }
}
