package org.bitgrid.quant.export;

import java.nio.file.Path;
import java.util.List;

/** Where the files of an export lie. */
record ExportFiles(Path folder, String prefix) {
    static final String ONNX = ".onnx";

    Path onnx() {
        return folder.resolve(prefix + ONNX);
    }

    Path weights() {
        return folder.resolve(prefix + ".safetensors");
    }

    Path encodings() {
        return folder.resolve(prefix + ".encodings");
    }

    Path moduleEncodings() {
        return folder.resolve(prefix + "_torch.encodings");
    }

    List<Path> all() {
        return List.of(onnx(), weights(), encodings(), moduleEncodings());
    }
}
