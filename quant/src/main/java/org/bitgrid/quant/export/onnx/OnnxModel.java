package org.bitgrid.quant.export.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bitgrid.nn.io.AtomicFiles;
import org.bitgrid.nn.io.FileException;
import org.bitgrid.nn.io.FormatException;

/**
 * A whole ONNX file.
 *
 * @param irVersion version of the file format; 10 is that of opset 21
 * @param opset version of the operators
 * @param metadata free texts
 */
public record OnnxModel(long irVersion, long opset, String producerName, String producerVersion, OnnxGraph graph,
                        Map<String, String> metadata) {
    /** Version of the file format that is written. */
    public static final long IR_VERSION = 10;
    /** Version of the operators that is written. */
    public static final long OPSET = 21;

    public OnnxModel {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Reads a file; one that is damaged is a {@link FormatException}. */
    public static OnnxModel read(Path file) {
        try {
            return parse(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw FileException.of("onnx", file, e);
        }
    }

    /**
     * Reads the bytes of a file.
     *
     * @param source what errors call them
     * @throws FormatException when they are not an ONNX model
     */
    public static OnnxModel parse(byte[] bytes, String source) {
        return OnnxDecoder.model(new ProtobufReader(bytes, source));
    }

    /** Writes a file, whole or not at all. */
    public void write(Path file) {
        ProtobufWriter message = OnnxEncoder.model(this);
        if (message.length() > Integer.MAX_VALUE) {
            throw new FormatException("onnx: model is too large for one file; got " + message.length()
                    + " bytes; expected at most " + Integer.MAX_VALUE);
        }
        AtomicFiles.write(file, message::writeTo);
    }
}
