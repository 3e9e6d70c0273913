package org.bitgrid.nn.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.BitgridException;

/**
 * Parameters that learn with the same settings. Settings have PyTorch's names ({@code lr}, {@code weight_decay}, …);
 * switches are 0 or 1.
 */
public final class ParameterGroup {
    private final String owner;
    private final List<Parameter> parameters;
    private final Map<String, Double> settings;
    private Double baseRate;

    ParameterGroup(String owner, List<Parameter> parameters, Map<String, Double> settings) {
        this.owner = owner;
        this.parameters = new ArrayList<>(parameters);
        this.settings = new LinkedHashMap<>(settings);
    }

    /** The parameters, in the order they were given. */
    public List<Parameter> parameters() {
        return Collections.unmodifiableList(parameters);
    }

    /** All settings, in a fixed order. */
    public Map<String, Double> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /** The setting of this name. */
    public double get(String setting) {
        Double value = settings.get(setting);
        if (value == null) {
            throw new BitgridException(owner + ": has no setting \"" + setting + "\"; expected one of "
                    + settings.keySet());
        }
        return value;
    }

    /** Whether the switch of this name is on. */
    public boolean isOn(String setting) {
        return get(setting) != 0;
    }

    /** Changes a setting. Returns this. */
    public ParameterGroup set(String setting, double value) {
        get(setting);
        Settings.check(owner, setting, value);
        settings.put(setting, value);
        return this;
    }

    public double learningRate() {
        return get("lr");
    }

    /** Changes the learning rate. Returns this. */
    public ParameterGroup learningRate(double rate) {
        return set("lr", rate);
    }

    /** The learning rate that schedules start from: what it was when the first one was made. */
    double baseRate() {
        if (baseRate == null) {
            baseRate = learningRate();
        }
        return baseRate;
    }

    void baseRate(double rate) {
        baseRate = rate;
    }
}
