package org.bitgrid.nn;

import org.bitgrid.nn.init.Init;
import org.bitgrid.nn.init.Initializer;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/**
 * a (…, I), b (…, J) -> (…, O): a · weight · b + bias. Parameters {@code weight} (O, I, J) and {@code bias} (O), uniform
 * in ±1 / sqrt(I) at first.
 */
public final class Bilinear extends Module {
    private final int first;
    private final int second;
    private final int outputs;
    private boolean withBias = true;

    public Bilinear(int first, int second, int outputs) {
        if (first < 1 || second < 1 || outputs < 1) {
            throw new ShapeException("Bilinear", "numbers of features must be at least 1; got " + first + ", " + second
                    + " and " + outputs);
        }
        this.first = first;
        this.second = second;
        this.outputs = outputs;
    }

    /** Whether to add a bias; true by default. Returns this. */
    public Bilinear bias(boolean bias) {
        checkNotBuilt("bias");
        withBias = bias;
        return this;
    }

    /** (O, I, J). */
    public Parameter weight() {
        return ownParameters().get("weight");
    }

    /** (O), or null. */
    public Parameter bias() {
        return ownParameters().get("bias");
    }

    @Override
    protected void build() {
        Initializer init = Init.uniform(-1 / Math.sqrt(first), 1 / Math.sqrt(first));
        addParameter("weight", new Parameter(init.make(outputs, first, second)));
        if (withBias) {
            addParameter("bias", new Parameter(init.make(outputs)));
        }
    }

    @Override
    protected Tensor forward(Tensor a, Tensor b) {
        Parameter bias = bias();
        return F.bilinear(a, b, weight().tensor(), bias == null ? null : bias.tensor());
    }

    @Override
    protected String extraRepr() {
        return "in1_features=" + first + ", in2_features=" + second + ", out_features=" + outputs + ", bias="
                + PythonText.bool(bias() != null);
    }
}
