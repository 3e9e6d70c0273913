package org.bitgrid.quant.export.onnx;

import java.util.Arrays;
import java.util.Locale;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;

/** Element types of ONNX tensors, with ONNX's numbers for them. */
public enum OnnxType {
    FLOAT(1, 32), UINT8(2, 8), INT8(3, 8), UINT16(4, 16), INT16(5, 16), INT32(6, 32), INT64(7, 64), BOOL(9, 8),
    FLOAT16(10, 16), DOUBLE(11, 64), UINT32(12, 32), BFLOAT16(16, 16), FLOAT8E4M3FN(17, 8), FLOAT8E5M2(19, 8),
    UINT4(21, 4), INT4(22, 4);

    private final int number;
    private final int bits;

    OnnxType(int number, int bits) {
        this.number = number;
        this.bits = bits;
    }

    /** The number that stands for it in files. */
    public int number() {
        return number;
    }

    /** Bytes that this many elements take, two 4-bit ones to a byte. */
    public long byteSize(long elements) {
        return (elements * bits + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** The type of a tensor's elements. */
    public static OnnxType of(DType type) {
        return switch (type) {
            case FLOAT32 -> FLOAT;
            case FLOAT64 -> DOUBLE;
            case INT64 -> INT64;
            case INT32 -> INT32;
            case INT8 -> INT8;
            case UINT8 -> UINT8;
            case BOOL -> BOOL;
        };
    }

    /** The type of the elements as a tensor holds them. */
    public DType dtype() {
        return switch (this) {
            case FLOAT -> DType.FLOAT32;
            case DOUBLE -> DType.FLOAT64;
            case INT64 -> DType.INT64;
            case INT32 -> DType.INT32;
            case INT8 -> DType.INT8;
            case UINT8 -> DType.UINT8;
            case BOOL -> DType.BOOL;
            default -> throw new DTypeException("onnx", "no tensor holds elements of this type; got " + this
                    + "; expected float, double, int64, int32, int8, uint8 or bool");
        };
    }

    static OnnxType numbered(long number, ProtobufReader place) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst().orElseThrow(() ->
                (FormatException) place.error("element type is unknown; got " + number + "; expected one of "
                        + Arrays.toString(values())));
    }

    /** ONNX's name, such as {@code uint8}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
