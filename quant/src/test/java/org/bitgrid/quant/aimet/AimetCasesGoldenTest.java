package org.bitgrid.quant.aimet;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.Golden;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Cases that stand as literals in AIMET's own tests; one test for each, one handler for each area. */
class AimetCasesGoldenTest {
    private static final Map<String, Consumer<GivenCase>> HANDLERS = Map.ofEntries(
            Map.entry("quantize", QuantizerCases::quantize),
            Map.entry("quantize_dequantize", QuantizerCases::quantizeDequantize),
            Map.entry("dequantize", QuantizerCases::dequantize),
            Map.entry("gradient_qdq", QuantizerCases::gradientOfQuantizeDequantize),
            Map.entry("gradient_quantize", QuantizerCases::gradientOfQuantize),
            Map.entry("quantizer+minmax", QuantizerCases::calibratedQuantizer),
            Map.entry("quantize_dequantize_range_learning", QuantizerCases::learnedRange),
            Map.entry("data_type_gating", QuantizerCases::dataTypes),
            Map.entry("fixed_encodings", QuantizerCases::fixedEncodings),
            Map.entry("float_quantizer", EncodingCases::floatQuantizer),
            Map.entry("affine_encoding", EncodingCases::affineEncoding),
            Map.entry("bn_fold", EncodingCases::batchNormFold),
            Map.entry("minmax_analyzer", AnalyzerCases::minMax),
            Map.entry("histogram_observer", AnalyzerCases::histogram),
            Map.entry("percentile_analyzer", AnalyzerCases::percentile),
            Map.entry("sqnr_analyzer", AnalyzerCases::sqnr),
            Map.entry("tf_enhanced_cpp", LegacyCases::tfEnhanced),
            Map.entry("quantize_dequantize_cpp_v1", LegacyCases::quantizeDequantize),
            Map.entry("quantize_cpp_v1", LegacyCases::quantize),
            Map.entry("dequantize_cpp_v1", LegacyCases::dequantize),
            Map.entry("encoding_regrid_cpp", LegacyCases::regridCpp),
            Map.entry("encoding_regrid_python", LegacyCases::regridPython),
            Map.entry("calculate_delta_offset", LegacyCases::deltaOffset),
            Map.entry("minmax_encodings_v1", LegacyCases::minMaxEncodings),
            Map.entry("quantize_v1", LegacyCases::quantizeV1),
            Map.entry("gradient_ste_v1", LegacyCases::straightThrough));

    @TestFactory
    Stream<DynamicTest> should_agree_with_the_tests_of_aimet() {
        List<JsonValue> cases = Json.read(Golden.path("aimet-cases.json")).items();
        System.out.println("aimet-cases: " + cases.size() + " golden cases");
        return cases.stream().map(GivenCase::new).map(given -> DynamicTest.dynamicTest(given.area() + ": "
                + given.description(), () -> {
                Consumer<GivenCase> handler = HANDLERS.get(given.area());
                if (handler == null) {
                    throw new AssertionError("no handler for area " + given.area());
                }
                handler.accept(given);
            }));
    }
}
