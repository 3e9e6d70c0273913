package org.bitgrid.tensor;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * A flat run of elements of one type, shared by a tensor and its views.
 *
 * <p><b>Who may look inside:</b> kernels, through {@link #floats()} and its siblings. Everything else copies in and
 * out ({@link Tensors}, {@link Tensor#toFloatArray()}).
 *
 * <p><b>Lifetime.</b> A storage counts its holders: the scope that was open when it was made, the gradient engine,
 * whoever called {@link TensorScope#keep}. At zero its array goes back to a pool and reading it is an error. A storage
 * made outside every scope belongs to the garbage collector, which is a holder that never lets go.
 */
public abstract sealed class Storage
        permits Storage.Floats, Storage.Doubles, Storage.Longs, Storage.Ints, Storage.Bytes, Storage.Meta,
        DeviceStorage {
    private final DType dtype;
    private final int length;
    private volatile int version;
    private int holders;

    protected Storage(DType dtype, int length) {
        this.dtype = dtype;
        this.length = length;
        TensorScope scope = ThreadState.current().scope;
        this.holders = 1;
        if (scope != null) {
            scope.own(this);
        }
    }

    public final DType dtype() {
        return dtype;
    }

    /** Number of elements. */
    public final int length() {
        return length;
    }

    /** How often the elements were overwritten in place since the storage was made. */
    public final int version() {
        return version;
    }

    /** Storages whose producers have not run yet and will read this one; forgotten when nobody else holds them. */
    private List<WeakReference<Floats>> readers = List.of();

    private synchronized void addReader(Floats reader) {
        List<WeakReference<Floats>> remaining = new ArrayList<>();
        for (WeakReference<Floats> each : readers) {
            Floats other = each.get();
            if (other != null && other.pending() != null) {
                remaining.add(each);
            }
        }
        remaining.add(new WeakReference<>(reader));
        readers = remaining;
    }

    /** Has everything computed that still has to read these elements. Called before they change in place. */
    final void settleReaders() {
        List<WeakReference<Floats>> waiting;
        synchronized (this) {
            waiting = readers;
            readers = List.of();
        }
        for (WeakReference<Floats> each : waiting) {
            Floats reader = each.get();
            if (reader != null) {
                reader.settle();
            }
        }
    }

    /**
     * A computation that a kernel put off: what consumes its result may do better without it, and looking at the
     * elements runs it. How operators are fused without anybody seeing it.
     */
    public abstract static class Pending {
        private final List<Storage> sources;

        /** @param sources what it will read; they stay until it ran or its result is released */
        protected Pending(Storage... sources) {
            this.sources = List.of(sources);
        }

        /** Writes all elements. */
        protected abstract void fill(float[] elements);
    }

    /** Notes that the elements changed in place. Called by {@link Dispatch} for operators that mutate an input. */
    final void bumpVersion() {
        version++;
    }

    /** Adds a holder. */
    final synchronized void retain() {
        if (holders == 0) {
            throw released();
        }
        holders++;
    }

    /** Removes a holder; the last one gives the array back. */
    final synchronized void release() {
        if (--holders == 0) {
            recycle();
        }
    }

    /** Number of holders now. */
    final synchronized int holders() {
        return holders;
    }

    /** Whether the array was given back. */
    public final synchronized boolean isReleased() {
        return holders == 0;
    }

    /** Gives the memory back for reuse and makes later access an error. */
    protected abstract void recycle();

    /** The elements of a FLOAT32 storage, not a copy. */
    public float[] floats() {
        throw wrongType("FLOAT32");
    }

    /** The elements of a FLOAT64 storage, not a copy. */
    public double[] doubles() {
        throw wrongType("FLOAT64");
    }

    /** The elements of an INT64 storage, not a copy. */
    public long[] longs() {
        throw wrongType("INT64");
    }

    /** The elements of an INT32 storage, not a copy. */
    public int[] ints() {
        throw wrongType("INT32");
    }

    /** The elements of an INT8, UINT8 or BOOL (0 or 1) storage, not a copy. */
    public byte[] bytes() {
        throw wrongType("INT8, UINT8 or BOOL");
    }

    private DTypeException wrongType(String wanted) {
        return new DTypeException("storage", "elements are " + dtype + " in " + getClass().getSimpleName()
                + "; expected " + wanted + "; cast the tensor first");
    }

    /** The error of reading a storage whose memory was given back. */
    protected static StateException released() {
        return new StateException("tensor: its memory was released when its TensorScope closed; "
                + "call scope.keep(tensor) before the scope closes");
    }

    /** A storage in main memory whose contents are arbitrary; the caller overwrites all of it. */
    public static Storage allocate(DType dtype, int length) {
        return switch (dtype) {
            case FLOAT32 -> new Floats(ArrayPool.take(length));
            case FLOAT64 -> new Doubles(new double[length]);
            case INT64 -> new Longs(new long[length]);
            case INT32 -> new Ints(new int[length]);
            case INT8, UINT8, BOOL -> new Bytes(dtype, new byte[length]);
        };
    }

    /** FLOAT32. */
    public static final class Floats extends Storage {
        private float[] array;
        /** Fills the array when somebody looks, or null. */
        private volatile Pending pending;

        Floats(float[] array) {
            super(DType.FLOAT32, array.length);
            this.array = array;
        }

        @Override
        public float[] floats() {
            if (pending != null) {
                settle();
            }
            float[] elements = array;
            if (elements == null) {
                throw released();
            }
            return elements;
        }

        /** Puts off writing the elements, all of them, until somebody looks. For kernels, on their fresh outputs. */
        public void defer(Pending computation) {
            for (Storage source : computation.sources) {
                source.retain();
                source.addReader(this);
            }
            pending = computation;
        }

        /** What has yet to write the elements, or null. A kernel may consume its sources instead of the elements. */
        public Pending pending() {
            return pending;
        }

        private synchronized void settle() {
            if (pending != null) {
                pending.fill(array);
                forget();
            }
        }

        private void forget() {
            List<Storage> sources = pending.sources;
            pending = null;
            sources.forEach(Storage::release);
        }

        @Override
        protected void recycle() {
            if (pending != null) {
                forget();
            }
            ArrayPool.give(array);
            array = null;
        }
    }

    /** FLOAT64. */
    public static final class Doubles extends Storage {
        private double[] array;

        Doubles(double[] array) {
            super(DType.FLOAT64, array.length);
            this.array = array;
        }

        @Override
        public double[] doubles() {
            double[] elements = array;
            if (elements == null) {
                throw released();
            }
            return elements;
        }

        @Override
        protected void recycle() {
            array = null;
        }
    }

    /** INT64. */
    public static final class Longs extends Storage {
        private long[] array;

        Longs(long[] array) {
            super(DType.INT64, array.length);
            this.array = array;
        }

        @Override
        public long[] longs() {
            long[] elements = array;
            if (elements == null) {
                throw released();
            }
            return elements;
        }

        @Override
        protected void recycle() {
            array = null;
        }
    }

    /** INT32. */
    public static final class Ints extends Storage {
        private int[] array;

        Ints(int[] array) {
            super(DType.INT32, array.length);
            this.array = array;
        }

        @Override
        public int[] ints() {
            int[] elements = array;
            if (elements == null) {
                throw released();
            }
            return elements;
        }

        @Override
        protected void recycle() {
            array = null;
        }
    }

    /** INT8, UINT8 and BOOL. */
    public static final class Bytes extends Storage {
        private byte[] array;

        Bytes(DType dtype, byte[] array) {
            super(dtype, array.length);
            this.array = array;
        }

        @Override
        public byte[] bytes() {
            byte[] elements = array;
            if (elements == null) {
                throw released();
            }
            return elements;
        }

        @Override
        protected void recycle() {
            array = null;
        }
    }

    /** No elements at all: shape and type only. */
    public static final class Meta extends Storage {
        Meta(DType dtype, int length) {
            super(dtype, length);
        }

        @Override
        protected void recycle() {
            // nothing to give back
        }
    }
}
