package org.bitgrid.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/** Which tiles a device uses for which shapes. */
final class TuningDb {
    private static final Map<String, Map<ShapeClass, Tiles>> DEFAULTS = new ConcurrentHashMap<>();
    /** For devices with too little local memory or too small groups for the others. */
    static final Tiles SMALL = new Tiles(16, 16, 16, 1, 1, 4, 16, 2, 4, 4, 0, false, false, 16);

    private static final ThreadLocal<Tiles> FORCED = new ThreadLocal<>();

    private TuningDb() {
    }

    static Tiles tiles(ClDevice device, ShapeClass shape) {
        Tiles forced = FORCED.get();
        if (forced != null) {
            return forced;
        }
        Tiles tiles = defaults(device.gpu() ? "gpu" : "cpu").get(shape);
        return tiles.refusal(device) == null ? tiles : SMALL;
    }

    /** All products of this thread use these tiles, or with null those of the tuning again. */
    static void force(Tiles tiles) {
        if (tiles == null) {
            FORCED.remove();
        } else {
            FORCED.set(tiles);
        }
    }

    /** What is shipped for a kind of device, {@code gpu} or {@code cpu}. */
    static Map<ShapeClass, Tiles> defaults(String kind) {
        return DEFAULTS.computeIfAbsent(kind, each -> {
            String name = "tuning/default-" + each + ".properties";
            Properties values = new Properties();
            try (InputStream in = TuningDb.class.getResourceAsStream(name)) {
                values.load(in);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            return readAll(values, name);
        });
    }

    private static Map<ShapeClass, Tiles> readAll(Properties values, String from) {
        Map<ShapeClass, Tiles> tiles = new EnumMap<>(ShapeClass.class);
        for (ShapeClass shape : ShapeClass.values()) {
            tiles.put(shape, Tiles.read(values, shape.key(), from));
        }
        return tiles;
    }
}
