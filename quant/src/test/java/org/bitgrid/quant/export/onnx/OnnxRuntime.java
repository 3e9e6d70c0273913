package org.bitgrid.quant.export.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** Runs models in onnxruntime, the judge of what is exported. */
public final class OnnxRuntime implements AutoCloseable {
    private final OrtSession session;

    private OnnxRuntime(byte[] model, boolean optimized) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        if (!optimized) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
        }
        options.setIntraOpNumThreads(1);
        session = OrtEnvironment.getEnvironment().createSession(model, options);
    }

    /** A model ready to run. */
    public static OnnxRuntime of(OnnxModel model) {
        return of(bytes(model));
    }

    /** The bytes of a file ready to run. */
    public static OnnxRuntime of(byte[] model) {
        return of(model, true);
    }

    /** The bytes of a file ready to run step by step as they say, without kernels that fuse several steps. */
    public static OnnxRuntime unfused(byte[] model) {
        return of(model, false);
    }

    private static OnnxRuntime of(byte[] model, boolean optimized) {
        try {
            return new OnnxRuntime(model, optimized);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(OnnxModel model) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            OnnxEncoder.model(model).writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** All outputs for these inputs, in the order of the file. */
    public List<Tensor> run(Tensor... inputs) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> feed = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(session.getInputNames());
        try {
            for (int i = 0; i < inputs.length; i++) {
                feed.put(names.get(i), tensor(environment, inputs[i]));
            }
            try (OrtSession.Result result = session.run(feed)) {
                List<Tensor> outputs = new ArrayList<>();
                for (var entry : result) {
                    outputs.add(tensor((OnnxTensor) entry.getValue()));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } finally {
            feed.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Tensor value) throws OrtException {
        long[] shape = Arrays.stream(value.spec().shape().toArray()).asLongStream().toArray();
        if (value.dtype() == DType.FLOAT32) {
            return OnnxTensor.createTensor(environment, FloatBuffer.wrap(value.toFloatArray()), shape);
        }
        if (value.dtype() == DType.INT32) {
            int[] ints = Arrays.stream(value.toLongArray()).mapToInt(v -> (int) v).toArray();
            return OnnxTensor.createTensor(environment, IntBuffer.wrap(ints), shape);
        }
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(value.toLongArray()), shape);
    }

    private static Tensor tensor(OnnxTensor value) {
        TensorInfo info = value.getInfo();
        int[] shape = Arrays.stream(info.getShape()).mapToInt(dim -> (int) dim).toArray();
        return switch (info.type) {
            case FLOAT -> {
                float[] floats = new float[(int) info.getNumElements()];
                value.getFloatBuffer().get(floats);
                yield Tensors.of(floats, shape);
            }
            case INT64 -> {
                long[] longs = new long[(int) info.getNumElements()];
                value.getLongBuffer().get(longs);
                yield Tensors.of(longs, shape);
            }
            case BOOL -> {
                byte[] bytes = new byte[(int) info.getNumElements()];
                value.getByteBuffer().get(bytes);
                yield Tensors.ofBytes(DType.BOOL, bytes, shape);
            }
            default -> throw new IllegalStateException("not read here: " + info);
        };
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
