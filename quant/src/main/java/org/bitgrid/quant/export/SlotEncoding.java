package org.bitgrid.quant.export;

/**
 * The encoding of an input or output of a module.
 *
 * @param module dotted path
 * @param index  number of the input or output
 */
public record SlotEncoding(String module, boolean isInput, int index, FileEncoding encoding) {
    /** As in {@code conv1.output[0]}. */
    public String place() {
        return module + (isInput ? ".input[" : ".output[") + index + "]";
    }
}
