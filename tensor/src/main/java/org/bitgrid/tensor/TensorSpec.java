package org.bitgrid.tensor;

/** What can be known of a tensor without its elements: what shape rules and tracing see. */
public record TensorSpec(Shape shape, DType dtype, Device device) {
    public TensorSpec withShape(Shape other) {
        return new TensorSpec(other, dtype, device);
    }

    public TensorSpec withDType(DType other) {
        return new TensorSpec(shape, other, device);
    }

    @Override
    public String toString() {
        return dtype + shape.toString() + (device.isCpu() ? "" : "@" + device);
    }
}
