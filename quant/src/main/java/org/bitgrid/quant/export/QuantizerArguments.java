package org.bitgrid.quant.export;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bitgrid.nn.io.JsonValue;

/**
 * How the simulation was set up, as encodings files tell it.
 *
 * @param dtype              {@code int} or {@code float}
 * @param isSymmetric        whether parameters are symmetric
 * @param quantScheme        such as {@code post_training_tf_enhanced}
 */
public record QuantizerArguments(int activationBitwidth, int paramBitwidth, String dtype, boolean isSymmetric,
                                 boolean perChannel, String quantScheme) {
    Map<String, Object> toJson() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("activation_bitwidth", activationBitwidth);
        fields.put("dtype", dtype);
        fields.put("is_symmetric", isSymmetric);
        fields.put("param_bitwidth", paramBitwidth);
        fields.put("per_channel_quantization", perChannel);
        fields.put("quant_scheme", quantScheme);
        return fields;
    }

    static QuantizerArguments of(JsonValue json) {
        return new QuantizerArguments(json.get("activation_bitwidth").asInt(), json.get("param_bitwidth").asInt(),
                json.get("dtype").asString(), json.get("is_symmetric").asBoolean(),
                json.get("per_channel_quantization").asBoolean(), json.get("quant_scheme").asString());
    }
}
