package org.bitgrid.quant.config;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** Operator types that configurations may name: those of ONNX, and the targets' own. */
final class OpTypeNames {
    private static final String ONNX = """
            Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool
            BatchNormalization Bernoulli BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast
            CastLike Ceil Celu CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape
            Conv ConvInteger ConvTranspose Cos Cosh CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout
            DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements
            GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample
            GroupNormalization HammingWindow HannWindow HardSigmoid HardSwish Hardmax Identity If ImageDecoder
            InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax
            Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean
            MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss
            NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement OptionalHasElement Or PRelu Pad Pow
            QLinearConv QLinearMatMul QuantizeLinear RMSNormalization RNN RandomNormal RandomNormalLike RandomUniform
            RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean
            ReduceMin ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize ReverseSequence RoiAlign
            RotaryEmbedding Round STFT Scan Scatter ScatterElements ScatterND Selu SequenceAt SequenceConstruct
            SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap Shape Shrink Sigmoid Sign Sin Sinh
            Size Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split SplitToSequence Sqrt Squeeze
            StringConcat StringNormalizer StringSplit Sub Sum Swish Tan Tanh TensorScatter TfIdfVectorizer
            ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor
            """;

    // Names of the targets' operators, and PyTorch's where ONNX has none.
    private static final String OTHERS = """
            BatchPermutation BatchToSpace BatchNorm3d Batchnorm ChannelShuffle Conv1d Conv2d Conv3d ConvTranspose1d
            ConvTranspose2d ConvTranspose3d Convert CropAndResize CustomGather CustomMarker DepthWiseConv2d
            DepthWiseConv1d ElementWiseAbs ElementWiseAdd ElementWiseAnd ElementWiseAsin ElementWiseAtan
            ElementWiseCeil ElementWiseCos ElementWiseDivide ElementWiseEqual ElementWiseExp ElementWiseFloor
            ElementWiseFloorDiv ElementWiseGreater ElementWiseGreaterEqual ElementWiseLess ElementWiseLessEqual
            ElementWiseLog ElementWiseMaximum ElementWiseMinimum ElementWiseMultiply ElementWiseNeg ElementWiseNeuron
            ElementWiseNot ElementWiseNotEqual ElementWiseOr ElementWisePower ElementWiseRound ElementWiseRsqrt
            ElementWiseSelect ElementWiseSign ElementWiseSin ElementWiseSoftplus ElementWiseSquareRoot
            ElementWiseSubtract ElementWiseUnary ElementWiseBinary ExtractGlimpse ExtractPatches FullyConnected
            GatherNd GroupNorm ImageProjectionTransform InstanceNorm L2Norm LayerNorm Lrn Lstm Gru LpNorm MultiClassNms
            OneHotEncoder Pack PoolAvg2d PoolAvg3d PoolMax2d PoolMax3d Prelu ReluMinMax Relu1 Relu6 ResizeBilinear
            ResizeNearestNeighbor RmsNorm SpaceToBatch StridedSlice TransposeConv1d TransposeConv2d TransposeConv3d
            UnPack
            """;

    private static final Set<String> ALL = names(ONNX + " " + OTHERS);

    private OpTypeNames() {
    }

    private static Set<String> names(String text) {
        return new TreeSet<>(Arrays.asList(text.strip().split("\\s+")));
    }

    static boolean isKnown(String name) {
        return ALL.contains(name);
    }

    static Set<String> all() {
        return ALL;
    }
}
