package org.bitgrid.quant.export;

/**
 * What an export writes.
 *
 * @param version           of the encodings files
 * @param dataMovement      whether outputs of steps that only move data are listed with the encoding of their input
 * @param rescaling         whether outputs of a multiplication or division by a constant, and the constant, are listed
 * @param int32Bias         whether biases are listed as 32-bit integers
 * @param activations       whether codes of activations are made unsigned or signed in versions that say so
 */
public record ExportOptions(EncodingsVersion version, boolean dataMovement, boolean rescaling, boolean int32Bias,
                            Activations activations) {
    /** What is done to the codes of activations. */
    public enum Activations { AS_THEY_ARE, UNSIGNED, SIGNED }

    /**
     * What AIMET's exporters write for a version: rescaling from 1.0.0 on; data movement, biases and unsigned
     * activations from 2.0.0 on.
     */
    public static ExportOptions of(EncodingsVersion version) {
        boolean onnxStyle = version.isOnnxStyle();
        return new ExportOptions(version, onnxStyle, version.compareTo(EncodingsVersion.V1_0_0) >= 0, onnxStyle,
                onnxStyle ? Activations.UNSIGNED : Activations.AS_THEY_ARE);
    }

    /** What AIMET's exporters write for a version, such as {@code "1.0.0"}. */
    public static ExportOptions of(String version) {
        return of(EncodingsVersion.of(version));
    }

    /** Whether outputs of steps that only move data are listed. */
    public ExportOptions dataMovement(boolean value) {
        return new ExportOptions(version, value, rescaling, int32Bias, activations);
    }

    /** Whether multiplications and divisions by a constant are listed. */
    public ExportOptions rescaling(boolean value) {
        return new ExportOptions(version, dataMovement, value, int32Bias, activations);
    }

    /** Whether biases are listed. */
    public ExportOptions int32Bias(boolean value) {
        return new ExportOptions(version, dataMovement, rescaling, value, activations);
    }

    /** What is done to the codes of activations. */
    public ExportOptions activations(Activations value) {
        return new ExportOptions(version, dataMovement, rescaling, int32Bias, value);
    }
}
