package org.bitgrid.tensor;

/**
 * Where a tensor's elements live.
 *
 * @param kind  {@code cpu}, {@code meta} (shape and type without elements) or the name of another backend
 * @param index number of the device among those of its kind
 */
public record Device(String kind, int index) {
    public static final Device CPU = new Device("cpu", 0);
    /** Tensors without elements: used to trace and to infer shapes. */
    public static final Device META = new Device("meta", 0);

    /** The OpenCL device with this index. */
    public static Device opencl(int index) {
        return new Device("opencl", index);
    }

    public boolean isMeta() {
        return this == META || kind.equals("meta");
    }

    public boolean isCpu() {
        return this == CPU || kind.equals("cpu");
    }

    @Override
    public String toString() {
        return isCpu() || isMeta() ? kind : kind + ":" + index;
    }
}
