package org.bitgrid.nn.io;

import java.util.Optional;
import org.bitgrid.tensor.DType;

/**
 * Element types that files hold. Those that tensors lack are widened when read, without loss: 16-bit integers to INT32,
 * unsigned 32- and 64-bit integers to INT64 (where they fit), narrow floats to FLOAT32. Ordered as safetensors files
 * order their tensors: last constant first.
 */
public enum ElementType {
    BOOL("BOOL", 1, DType.BOOL),
    U8("U8", 1, DType.UINT8),
    I8("I8", 1, DType.INT8),
    F8_E5M2("F8_E5M2", 1, DType.FLOAT32),
    F8_E4M3("F8_E4M3", 1, DType.FLOAT32),
    I16("I16", 2, DType.INT32),
    U16("U16", 2, DType.INT32),
    F16("F16", 2, DType.FLOAT32),
    BF16("BF16", 2, DType.FLOAT32),
    I32("I32", 4, DType.INT32),
    U32("U32", 4, DType.INT64),
    F32("F32", 4, DType.FLOAT32),
    F64("F64", 8, DType.FLOAT64),
    I64("I64", 8, DType.INT64),
    U64("U64", 8, DType.INT64);

    private final String label;
    private final int byteSize;
    private final DType dtype;

    ElementType(String label, int byteSize, DType dtype) {
        this.label = label;
        this.byteSize = byteSize;
        this.dtype = dtype;
    }

    /** Size of one element in bytes. */
    public int byteSize() {
        return byteSize;
    }

    /** The type of a tensor read from such elements. */
    public DType dtype() {
        return dtype;
    }

    /** The narrow float format, or null for other types. */
    MiniFloat miniFloat() {
        return switch (this) {
            case F16 -> MiniFloat.FLOAT16;
            case BF16 -> MiniFloat.BFLOAT16;
            case F8_E5M2 -> MiniFloat.FLOAT8_E5M2;
            case F8_E4M3 -> MiniFloat.FLOAT8_E4M3;
            default -> null;
        };
    }

    /** The type whose safetensors name this is. */
    public static Optional<ElementType> byLabel(String label) {
        for (ElementType type : values()) {
            if (type.label.equals(label)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The type that holds elements of tensors of {@code dtype} as they are. */
    public static ElementType of(DType dtype) {
        return switch (dtype) {
            case BOOL -> BOOL;
            case UINT8 -> U8;
            case INT8 -> I8;
            case INT32 -> I32;
            case INT64 -> I64;
            case FLOAT32 -> F32;
            case FLOAT64 -> F64;
        };
    }

    /** The name in safetensors files. */
    @Override
    public String toString() {
        return label;
    }
}
