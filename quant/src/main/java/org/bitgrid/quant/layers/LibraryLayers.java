package org.bitgrid.quant.layers;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Slots and operator types of the library's own layers. */
final class LibraryLayers {
    // class, inputs, outputs, operator types in ONNX, then after a bar the targets' own name
    private static final String LAYERS = """
            Conv1d 1 1 Conv | Conv1d
            Conv2d 1 1 Conv | Conv2d
            Conv3d 1 1 Conv3d | Conv3d
            ConvTranspose1d 1 1 ConvTranspose | TransposeConv1d
            ConvTranspose2d 1 1 ConvTranspose | TransposeConv2d
            ConvTranspose3d 1 1 ConvTranspose3d | TransposeConv3d
            Bilinear 2 1
            Linear 1 1 Gemm MatMul | FullyConnected
            BatchNorm1d 1 1 BatchNormalization | Batchnorm
            BatchNorm2d 1 1 BatchNormalization | Batchnorm
            BatchNorm3d 1 1 BatchNorm3d | Batchnorm
            LayerNorm 1 1 LayerNormalization | LayerNorm
            GroupNorm 1 1 GroupNormalization | GroupNorm
            InstanceNorm1d 1 1 InstanceNormalization | InstanceNorm
            InstanceNorm2d 1 1 InstanceNormalization | InstanceNorm
            InstanceNorm3d 1 1 InstanceNormalization | InstanceNorm
            LocalResponseNorm 1 1 LRN | Lrn
            RMSNorm 1 1 RMSNormalization | RmsNorm
            ReLU 1 1 Relu
            ReLU6 1 1 Clip | ReluMinMax
            GELU 1 1 Gelu
            Sigmoid 1 1 Sigmoid
            Tanh 1 1 Tanh
            CELU 1 1 Celu
            ELU 1 1 Elu
            GLU 1 1
            Hardshrink 1 1
            Hardsigmoid 1 1 HardSigmoid
            Hardswish 1 1 HardSwish
            Hardtanh 1 1
            LeakyReLU 1 1 LeakyRelu
            LogSigmoid 1 1
            Mish 1 1 Mish
            PReLU 1 1 PRelu | Prelu
            RReLU 1 1
            SELU 1 1 Selu
            SiLU 1 1
            Softmin 1 1
            Softplus 1 1 Softplus | ElementWiseSoftplus
            Softshrink 1 1
            Softsign 1 1 Softsign
            Tanhshrink 1 1
            Threshold 1 1
            Softmax 1 1 Softmax
            Softmax2d 1 1 Softmax
            LogSoftmax 1 1 LogSoftmax
            MaxPool1d 1 1 MaxPool | PoolMax2d
            MaxPool2d 1 1 MaxPool | PoolMax2d
            MaxPool3d 1 1 MaxPool | PoolMax3d
            AdaptiveMaxPool1d 1 1 GlobalMaxPool | PoolMax2d
            AdaptiveMaxPool2d 1 1 GlobalMaxPool | PoolMax2d
            AdaptiveMaxPool3d 1 1 GlobalMaxPool | PoolMax3d
            LPPool1d 1 1
            LPPool2d 1 1
            AvgPool1d 1 1 AveragePool | PoolAvg2d
            AvgPool2d 1 1 AveragePool | PoolAvg2d
            AvgPool3d 1 1 AveragePool | PoolAvg3d
            AdaptiveAvgPool1d 1 1 GlobalAveragePool AveragePool | PoolAvg2d
            AdaptiveAvgPool2d 1 1 GlobalAveragePool AveragePool | PoolAvg2d
            AdaptiveAvgPool3d 1 1 GlobalAveragePool AveragePool | PoolAvg3d
            Dropout 1 1 Dropout
            Dropout1d 1 1 Dropout
            Dropout2d 1 1 Dropout
            Dropout3d 1 1 Dropout
            AlphaDropout 1 1 Dropout
            FeatureAlphaDropout 1 1 Dropout
            Flatten 1 1 Flatten
            Unflatten 1 1 Reshape
            Fold 1 1 Col2Im
            Unfold 1 1
            Embedding 0 1 Gather
            EmbeddingBag 0 1
            ChannelShuffle 1 1 ChannelShuffle
            CosineSimilarity 2 1
            PairwiseDistance 2 1
            PixelShuffle 1 1 DepthToSpace
            PixelUnshuffle 1 1 SpaceToDepth
            Upsample 1 1 Upsample
            UpsamplingNearest2d 1 1 Upsample
            UpsamplingBilinear2d 1 1 Upsample
            ZeroPad1d 1 1 Pad
            ZeroPad2d 1 1 Pad
            ZeroPad3d 1 1 Pad
            ConstantPad1d 1 1 Pad
            ConstantPad2d 1 1 Pad
            ConstantPad3d 1 1 Pad
            ReflectionPad1d 1 1 Pad
            ReflectionPad2d 1 1 Pad
            ReflectionPad3d 1 1 Pad
            ReplicationPad1d 1 1 Pad
            ReplicationPad2d 1 1 Pad
            ReplicationPad3d 1 1 Pad
            CircularPad1d 1 1 Pad
            CircularPad2d 1 1 Pad
            CircularPad3d 1 1 Pad
            LSTM 3 3 LSTM | Lstm
            GRU 2 2 GRU | Gru
            RNN 2 2 RNN
            LSTMCell 3 2
            GRUCell 2 1
            RNNCell 2 1
            CrossEntropyLoss 2 1
            NLLLoss 2 1
            MSELoss 2 1
            L1Loss 2 1
            SmoothL1Loss 2 1
            HuberLoss 2 1
            BCELoss 2 1
            BCEWithLogitsLoss 2 1
            KLDivLoss 2 1
            PoissonNLLLoss 2 1
            GaussianNLLLoss 3 1
            SoftMarginLoss 2 1
            MultiMarginLoss 2 1
            MultiLabelMarginLoss 2 1
            MultiLabelSoftMarginLoss 2 1
            CTCLoss 4 1
            HingeEmbeddingLoss 2 1
            CosineEmbeddingLoss 3 1
            MarginRankingLoss 3 1
            TripletMarginLoss 3 1
            """;

    private static final String FUNCTIONAL = """
            Add 2 1 Add | ElementWiseAdd
            Subtract 2 1 Sub | ElementWiseSubtract
            Multiply 2 1 Mul | ElementWiseMultiply
            Divide 2 1 Div | ElementWiseDivide
            FloorDivide 2 1 | ElementWiseFloorDiv
            MatMul 2 1 MatMul
            Bmm 2 1 MatMul
            Addmm 3 1
            Baddbmm 3 1
            Concat called 1 Concat
            Split 1 all Split
            Mean 1 1 ReduceMean
            Sum 1 1 ReduceSum
            Prod 1 1 ReduceProd
            AMax 1 1 ReduceMax
            AMin 1 1 ReduceMin
            Max 1 1 ReduceMax
            Min 1 1 ReduceMin
            Norm 1 1
            Normalize 1 1
            Maximum 2 1 Max | ElementWiseMaximum
            Minimum 2 1 Min | ElementWiseMinimum
            Pow 2 1 Pow | ElementWisePower
            Remainder 2 1
            Fmod 2 1
            Equal 2 1 Equal | ElementWiseEqual
            NotEqual 2 1 | ElementWiseNotEqual
            Greater 2 1 Greater | ElementWiseGreater
            GreaterEqual 2 1 GreaterOrEqual | ElementWiseGreaterEqual
            Less 2 1 Less | ElementWiseLess
            LessEqual 2 1 LessOrEqual | ElementWiseLessEqual
            LogicalAnd 2 1 And | ElementWiseAnd
            LogicalOr 2 1 Or | ElementWiseOr
            LogicalNot 1 1 Not | ElementWiseNot
            Where 3 1 Where | ElementWiseSelect
            MaskedFill 2 1
            Abs 1 1 Abs | ElementWiseAbs
            Neg 1 1 Neg | ElementWiseNeg
            Exponential 1 1 Exp | ElementWiseExp
            Log 1 1 Log | ElementWiseLog
            Sqrt 1 1 Sqrt | ElementWiseSquareRoot
            RSqrt 1 1 | ElementWiseRsqrt
            Square 1 1
            Erf 1 1 Erf
            Sin 1 1 Sin | ElementWiseSin
            Cos 1 1 Cos | ElementWiseCos
            Asin 1 1 Asin | ElementWiseAsin
            Atan 1 1 Atan | ElementWiseAtan
            Round 1 1 Round | ElementWiseRound
            ElementwiseCeil 1 1 Ceil | ElementWiseCeil
            ElementwiseFloor 1 1 Floor | ElementWiseFloor
            ElementwiseUnarySign 1 1 Sign | ElementWiseSign
            CumSum 1 1 CumSum
            Argmax 1 1 ArgMax
            Argmin 1 1 ArgMin
            Cast 1 1 Cast
            Pad 1 1 Pad
            Interpolate 1 1 Resize
            Reshape 1 1 Reshape
            Permute 1 1 Transpose
            Expand 1 1 Expand
            Tile 1 1 Tile
            Select 1 1 Gather
            IndexSelect 1 1 Gather
            Gather 1 1 Gather
            StridedSlice 1 1 Slice
            MaxPool2d 1 1 MaxPool | PoolMax2d
            AvgPool2d 1 1 AveragePool | PoolAvg2d
            AdaptiveAvgPool2d 1 1 GlobalAveragePool AveragePool | PoolAvg2d
            BatchNorm 5 1
            GroupNorm 3 1
            DynamicConv2d 3 1 Conv | Conv2d
            DynamicLinear 3 1 Gemm MatMul | FullyConnected
            TopK 1 2 TopK
            """;

    private LibraryLayers() {
    }

    /** Slots by class name. */
    static Map<String, LayerSlots> slots() {
        Map<String, LayerSlots> slots = new LinkedHashMap<>();
        lines(LAYERS).forEach(line -> slots.put("org.bitgrid.nn." + line[0], parse(line)));
        lines(FUNCTIONAL).forEach(line -> slots.put("org.bitgrid.quant.functional." + line[0], parse(line)));
        return slots;
    }

    /** The targets' own operator names by class name. */
    static Map<String, String> targetTypes() {
        Map<String, String> types = new LinkedHashMap<>();
        for (String line : (LAYERS + FUNCTIONAL).strip().split("\n")) {
            int bar = line.indexOf('|');
            if (bar >= 0) {
                types.put(line.substring(0, line.indexOf(' ')), line.substring(bar + 1).strip());
            }
        }
        return types;
    }

    private static List<String[]> lines(String table) {
        return Arrays.stream(table.strip().split("\n"))
                .map(line -> line.replaceFirst("\\|.*", "").strip().split("\\s+")).toList();
    }

    private static LayerSlots parse(String[] line) {
        int inputs = line[1].equals("called") ? LayerSlots.AS_CALLED : Integer.parseInt(line[1]);
        int outputs = line[2].equals("all") ? LayerSlots.ONE_FOR_ALL : Integer.parseInt(line[2]);
        return new LayerSlots(inputs, outputs, List.of(line).subList(3, line.length));
    }
}
