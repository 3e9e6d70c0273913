package org.bitgrid.opencl;

/** Makes jocl's native library available before its first class loads. */
final class ClLibrary {
    private ClLibrary() {
    }

    static void load() {
        // jocl extracts its own library
    }
}
