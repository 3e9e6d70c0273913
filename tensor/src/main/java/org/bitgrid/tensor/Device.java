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

    /**
     * The device that this text names, as {@link #toString} writes it: {@code cpu}, {@code meta}, {@code opencl}
     * (the first one), {@code opencl:1}.
     *
     * @throws DeviceException when the text has another form; whether the device exists shows when it is used
     */
    public static Device parse(String text) {
        if (text.equals("cpu")) {
            return CPU;
        }
        if (text.equals("meta")) {
            return META;
        }
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String number = colon < 0 ? "0" : text.substring(colon + 1);
        if (!kind.matches("[a-z]+") || kind.equals("cpu") || kind.equals("meta") || !number.matches("[0-9]{1,4}")) {
            throw new DeviceException("device: cannot read the name; got \"" + text
                    + "\"; expected cpu, meta, opencl or opencl:N");
        }
        return new Device(kind, Integer.parseInt(number));
    }

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
