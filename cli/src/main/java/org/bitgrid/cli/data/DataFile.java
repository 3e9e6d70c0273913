package org.bitgrid.cli.data;

import java.util.regex.Pattern;

/** The four files of Fashion-MNIST, with the SHA-256 sums of the official ones. */
enum DataFile {
    TRAIN_IMAGES("train-images-idx3-ubyte.gz", "training images", ".*train.*images?\\b.*ubyte(\\.gz)?",
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
    TRAIN_LABELS("train-labels-idx1-ubyte.gz", "training labels", ".*train.*labels?\\b.*ubyte(\\.gz)?",
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
    TEST_IMAGES("t10k-images-idx3-ubyte.gz", "test images", ".*(t10k|test).*images?\\b.*ubyte(\\.gz)?",
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
    TEST_LABELS("t10k-labels-idx1-ubyte.gz", "test labels", ".*(t10k|test).*labels?\\b.*ubyte(\\.gz)?",
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5");

    private final String fileName;
    private final String content;
    private final Pattern similarNames;
    private final String sha256;

    DataFile(String fileName, String content, String similarNames, String sha256) {
        this.fileName = fileName;
        this.content = content;
        this.similarNames = Pattern.compile(similarNames);
        this.sha256 = sha256;
    }

    String fileName() {
        return fileName;
    }

    /** What is in it, in words. */
    String content() {
        return content;
    }

    /** Whether a file of another data set, its name in lower case, is the counterpart of this one. */
    boolean matches(String lowerCaseName) {
        return similarNames.matcher(lowerCaseName).matches();
    }

    /** Sum of the official file, in hexadecimal; holds for downloads only. */
    String sha256() {
        return sha256;
    }
}
