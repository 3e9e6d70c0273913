package org.bitgrid.cli.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.bitgrid.cli.CheckFailedException;
import org.bitgrid.cli.UsageException;
import org.bitgrid.cli.ui.LogLines;
import org.bitgrid.cli.ui.Progress;
import org.bitgrid.cli.ui.Terminal;
import org.bitgrid.nn.data.Batch;
import org.bitgrid.nn.data.Dataset;
import org.bitgrid.nn.data.IdxFile;
import org.bitgrid.nn.io.FileException;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.tensor.Shape;

/**
 * Finds the pictures to train on: in a folder that the user names, else in the cache, else on the data set's server
 * (into the cache), else, without a network, drawn by {@link SyntheticImages}.
 */
public final class FashionMnistSource {
    /** Where the data set's authors publish it. */
    private static final URI OFFICIAL = URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");
    private static final int SYNTHETIC_TRAIN = 60_000;
    private static final int SYNTHETIC_TEST = 10_000;

    private final Path cache;
    private final URI address;
    private final DownloadSettings settings;
    private final Terminal terminal;
    private final Progress progress;

    FashionMnistSource(Path cache, URI address, DownloadSettings settings, Terminal terminal, Progress progress) {
        this.cache = cache;
        this.address = address;
        this.settings = settings;
        this.terminal = terminal;
        this.progress = progress;
    }

    /** Cache {@code ~/.cache/bitgrid/fashion-mnist} and the official server. */
    public static FashionMnistSource usual(Terminal terminal, Progress progress) {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "bitgrid", "fashion-mnist");
        return new FashionMnistSource(cache, OFFICIAL, DownloadSettings.usual(), terminal, progress);
    }

    /**
     * Loads the pictures.
     *
     * @param folder the folder that the user names, or null
     * @param limit most pictures to take of each set
     * @param seed for synthetic pictures
     * @throws UsageException when the folder lacks a file or the pictures are of another size
     * @throws FormatException when a file is truncated, corrupt or mislabelled
     * @throws CheckFailedException when the server answers, but not with the data set
     */
    public ImageData load(Path folder, int limit, long seed) throws IOException {
        if (folder != null) {
            return read(find(folder), limit);
        }
        try {
            return read(fetchMissing(), limit);
        } catch (NoNetworkException absent) {
            new LogLines(terminal).warning("Data", "No network (" + absent.getMessage() + "): the data is SYNTHETIC, "
                    + "ten classes of drawn 28x28 images, not Fashion-MNIST");
            return SyntheticImages.draw(seed, Math.min(limit, SYNTHETIC_TRAIN), Math.min(limit, SYNTHETIC_TEST));
        }
    }

    private Map<DataFile, Path> fetchMissing() throws IOException {
        Map<DataFile, Path> files = new EnumMap<>(DataFile.class);
        Downloader downloader = new Downloader(settings, terminal, progress);
        for (DataFile file : DataFile.values()) {
            Path path = cache.resolve(file.fileName());
            if (!Files.isRegularFile(path)) {
                createFolder(cache);
                downloader.fetch(address.resolve(file.fileName()), path, file.sha256());
            }
            files.put(file, path);
        }
        return files;
    }

    private static void createFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failure) {
            throw FileException.of("data: cannot create the cache folder; do pass --data DIR", folder, failure);
        }
    }

    /** The four files in a folder, under their usual names or ones that tell set and content. */
    static Map<DataFile, Path> find(Path folder) {
        List<Path> entries;
        try (Stream<Path> listing = Files.list(folder)) {
            entries = listing.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException failure) {
            String got = Files.exists(folder) ? "no folder that can be read" : "nothing of that name";
            throw new UsageException("data: --data cannot be used; got " + got + " at " + folder
                    + "; expected a folder with the four IDX files; do check the path", failure);
        }
        Map<DataFile, Path> found = new EnumMap<>(DataFile.class);
        List<String> missing = new ArrayList<>();
        for (DataFile file : DataFile.values()) {
            List<Path> named = entries.stream().filter(path -> name(path).equals(file.fileName())).toList();
            List<Path> candidates = named.isEmpty()
                    ? entries.stream().filter(path -> file.matches(name(path))).toList() : named;
            if (candidates.size() > 1) {
                throw new UsageException("data: more than one file of " + folder + " may hold the " + file.content()
                        + "; got " + candidates.stream().map(FashionMnistSource::name).toList() + "; expected one; do "
                        + "name it " + file.fileName());
            }
            if (candidates.isEmpty()) {
                missing.add(file.fileName());
            } else {
                found.put(file, candidates.get(0));
            }
        }
        if (!missing.isEmpty()) {
            throw new UsageException("data: files are missing in " + folder + "; got "
                    + (entries.isEmpty() ? "no file at all" : shorten(entries.stream().map(FashionMnistSource::name).toList()))
                    + "; expected " + String.join(", ", missing) + "; do add them, or leave out --data to download");
        }
        return found;
    }

    private static String name(Path path) {
        return path.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    private static String shorten(List<String> names) {
        int shown = 6;
        return names.size() <= shown ? names.toString() : names.subList(0, shown) + " and " + (names.size() - shown)
                + " more";
    }

    private static ImageData read(Map<DataFile, Path> files, int limit) {
        return new ImageData(ImageData.Origin.FASHION_MNIST,
                read(files.get(DataFile.TRAIN_IMAGES), files.get(DataFile.TRAIN_LABELS)).limit(limit),
                read(files.get(DataFile.TEST_IMAGES), files.get(DataFile.TEST_LABELS)).limit(limit));
    }

    private static Dataset read(Path images, Path labels) {
        Dataset dataset = IdxFile.readDataset(images, labels, ImageData.CLASSES);
        if (dataset.size() == 0) {
            throw new FormatException("data: " + images + " holds no image; got count 0 at offset 4; expected at least 1");
        }
        try (Batch first = dataset.batch(0)) {
            Shape image = first.inputs().shape();
            if (image.dim(2) != ImageData.SIDE || image.dim(3) != ImageData.SIDE) {
                throw new FormatException("data: " + images + " holds images of another size; got " + image.dim(2) + "x"
                        + image.dim(3) + " at offset 8; expected " + ImageData.SIDE + "x" + ImageData.SIDE);
            }
        }
        return dataset;
    }
}
