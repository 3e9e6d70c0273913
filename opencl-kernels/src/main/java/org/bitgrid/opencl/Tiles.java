package org.bitgrid.opencl;

import java.util.List;
import java.util.Properties;
import org.bitgrid.tensor.DeviceException;

/**
 * How a tiled kernel cuts its work; {@code tile.cl} explains each number. All in elements, but for the last three.
 *
 * @param fullK     whether sums run over whole tiles, zeros included
 * @param aligned   whether global vector loads need their natural alignment
 * @param minGroups work-groups below which long sums are cut into chunks for more groups; at least 1
 */
record Tiles(int tileM, int tileN, int tileK, int groupM, int groupN, int workM, int workN, int vectorM, int vectorN,
             int load, int pad, boolean fullK, boolean aligned, int minGroups) {
    /** Names of the numbers in tuning files, in the order of the components. */
    static final List<String> KEYS = List.of("tile_m", "tile_n", "tile_k", "group_m", "group_n",
            "work_m", "work_n", "vector_m", "vector_n", "load", "pad", "full_k", "aligned", "min_groups");

    private static final int LARGEST = 1 << 16;

    /**
     * Reads {@code prefix.tile_m} and so on.
     *
     * @param from names the file in messages
     */
    static Tiles read(Properties values, String prefix, String from) {
        int[] read = new int[KEYS.size()];
        for (int i = 0; i < read.length; i++) {
            String key = prefix + "." + KEYS.get(i);
            String text = values.getProperty(key);
            if (text == null || !text.strip().matches("[0-9]{1,5}") || Integer.parseInt(text.strip()) > LARGEST) {
                throw new DeviceException("opencl tuning: " + key + " cannot be used; got " + text
                        + "; expected a whole number from 0 to " + LARGEST + "; in " + from);
            }
            read[i] = Integer.parseInt(text.strip());
        }
        Tiles tiles = new Tiles(read[0], read[1], read[2], read[3], read[4], read[5], read[6], read[7], read[8], read[9],
                read[10], read[11] != 0, read[12] != 0, read[13]);
        String fault = tiles.fault();
        if (fault != null) {
            throw new DeviceException("opencl tuning: the numbers of " + prefix + " do not fit together; got " + tiles
                    + "; expected " + fault + "; in " + from);
        }
        return tiles;
    }

    /** What is wrong with these numbers on any device, or null. */
    String fault() {
        if (!isWidth(vectorM) || !isWidth(vectorN) || !isWidth(load)) {
            return "vector_m, vector_n and load of 2, 4, 8 or 16";
        }
        if (groupM < 1 || groupN < 1 || tileK < 1 || minGroups < 1) {
            return "group_m, group_n, tile_k and min_groups of at least 1";
        }
        if (workM < 1 || workM % vectorM != 0 || workN < 1 || workN % vectorN != 0) {
            return "work_m a multiple of vector_m and work_n one of vector_n";
        }
        if (tileM < 1 || tileM % (groupM * workM) != 0 || tileN < 1 || tileN % (groupN * workN) != 0) {
            return "tile_m a multiple of group_m * work_m and tile_n one of group_n * work_n";
        }
        if (tileM % load != 0 || tileN % load != 0 || tileK % load != 0) {
            return "tile_m, tile_n and tile_k multiples of load";
        }
        if (pad % vectorM != 0 || pad % vectorN != 0) {
            return "pad a multiple of vector_m and of vector_n";
        }
        return workM * workN > 1024 ? "work_m * work_n of at most 1024" : null;
    }

    private static boolean isWidth(int width) {
        return width == 2 || width == 4 || width == 8 || width == 16;
    }

    /** Local memory of one work-group, without the tables of a convolution. */
    long localBytes() {
        long panelM = (long) groupM * workM;
        long panelN = (long) groupN * workN;
        long panels = tileM / panelM * (tileN / panelN);
        long operands = tileK * (tileM / panelM * (panelM + pad) + tileN / panelN * (panelN + pad));
        return Float.BYTES * (operands + (panels > 1 ? (long) tileM * tileN : 0));
    }

    /** Why a device cannot run this, or null. */
    String refusal(ClDevice device) {
        long tables = Integer.BYTES * (4L * tileK + 4L * tileN); // of a convolution
        if (localBytes() + tables > device.localMemory()) {
            return "it needs " + (localBytes() + tables) + " bytes of local memory of " + device.localMemory();
        }
        return (long) groupM * groupN > device.largestGroup() ? "its groups have " + groupM * groupN
                + " work-items of at most " + device.largestGroup() : null;
    }

    /** The program with these numbers: {@code tile.cl}, then this file. */
    ClSource source(String file) {
        return ClSource.files(new String[] {"tile.cl", file}, "TILE_M", tileM, "TILE_N", tileN, "TILE_K", tileK,
                "GROUP_M", groupM, "GROUP_N", groupN, "WORK_M", workM, "WORK_N", workN, "VECTOR_M", vectorM, "VECTOR_N",
                vectorN, "LOAD", load, "PAD", pad, "FULL_K", fullK ? 1 : 0, "ALIGNED", aligned ? 1 : 0);
    }

    /** Tiles that cover a result of this many rows and columns. */
    long tiles(int m, int n) {
        return (long) ceil(m, tileM) * ceil(n, tileN);
    }

    /**
     * Length of the chunks that sums of k steps are cut into where otherwise only few groups would work: a multiple of
     * {@code tile_k}, at least four of them, chosen by nothing but sizes and these numbers, so that results are always
     * the same.
     *
     * @param groups work-groups without chunks
     */
    int chunk(long groups, int k) {
        int shortest = Math.max(4 * tileK, 64);
        long wanted = Math.min(ceil(minGroups, (int) Math.max(1, Math.min(groups, minGroups))), k / shortest);
        if (wanted <= 1) {
            return Math.max(1, k);
        }
        return ceil(ceil(k, (int) wanted), tileK) * tileK;
    }

    static int ceil(int count, int size) {
        return (int) (((long) count + size - 1) / size);
    }
}
