// One pass over a parameter, its states and its gradient for each optimizer. Formulas are in the operators' documentation;
// settings are computed in double by the host and passed rounded.

__kernel void sgd(__global float* parameter, int p, __global float* buffer, int b, __global const float* gradient, int g,
                  int count, float sign, float penalty, float rate, int hasBuffer, float kept, float taken,
                  float slopePart, float bufferPart) {
    int i = get_global_id(0);
    if (i < count) {
        float slope = sign * gradient[g + i] + penalty * parameter[p + i];
        if (hasBuffer) {
            float velocity = kept * buffer[b + i] + taken * slope;
            buffer[b + i] = velocity;
            slope = slopePart * slope + bufferPart * velocity;
        }
        parameter[p + i] -= rate * slope;
    }
}

__kernel void adam(__global float* parameter, int p, __global float* mean, int m, __global float* meanSquare, int v,
                   __global float* largest, int l, __global const float* gradient, int g, int count, float sign,
                   float penalty, float shrinkage, float newMean, float oldSquare, float newSquare, float rate,
                   float correction, float epsilon, int amsgrad) {
    int i = get_global_id(0);
    if (i < count) {
        float weight = parameter[p + i];
        float slope = sign * gradient[g + i] + penalty * weight;
        float average = mean[m + i] + newMean * (slope - mean[m + i]);
        float square = oldSquare * meanSquare[v + i] + newSquare * slope * slope;
        mean[m + i] = average;
        meanSquare[v + i] = square;
        if (amsgrad) {
            float before = largest[l + i];
            square = before != before || before > square ? before : square; // NaN stays
            largest[l + i] = square;
        }
        float denominator = quotient(sqrt(square), correction) + epsilon;
        parameter[p + i] = shrinkage * weight - quotient(rate * average, denominator);
    }
}

__kernel void rmsProp(__global float* parameter, int p, __global float* meanSquare, int v, __global float* mean, int m,
                      __global float* buffer, int b, __global const float* gradient, int g, int count, float sign,
                      float penalty, float kept, float taken, float epsilon, float momentum, float rate, int centered,
                      int hasBuffer) {
    int i = get_global_id(0);
    if (i < count) {
        float slope = sign * gradient[g + i] + penalty * parameter[p + i];
        float square = kept * meanSquare[v + i] + taken * slope * slope;
        meanSquare[v + i] = square;
        if (centered) {
            float average = mean[m + i] + taken * (slope - mean[m + i]);
            mean[m + i] = average;
            square -= average * average;
        }
        float direction = quotient(slope, sqrt(square) + epsilon);
        if (hasBuffer) {
            direction = momentum * buffer[b + i] + direction;
            buffer[b + i] = direction;
        }
        parameter[p + i] -= rate * direction;
    }
}

__kernel void adagrad(__global float* parameter, int p, __global float* sum, int s, __global const float* gradient,
                      int g, int count, float sign, float penalty, float epsilon, float rate) {
    int i = get_global_id(0);
    if (i < count) {
        float slope = sign * gradient[g + i] + penalty * parameter[p + i];
        float squares = sum[s + i] + slope * slope;
        sum[s + i] = squares;
        parameter[p + i] -= quotient(rate * slope, sqrt(squares) + epsilon);
    }
}

__kernel void moment(__global float* parameter, int p, __global float* mean, int m, __global float* meanSquare, int v,
                     __global const float* gradient, int g, int count, float sign, float penalty, float shrinkage,
                     float newMean, float oldSquare, float newSquare, float gradientRate, float meanRate, float inverse,
                     float added) {
    int i = get_global_id(0);
    if (i < count) {
        float weight = shrinkage * parameter[p + i];
        float slope = sign * gradient[g + i] + penalty * weight;
        float average = mean[m + i] + newMean * (slope - mean[m + i]);
        float square = oldSquare * meanSquare[v + i] + newSquare * slope * slope;
        mean[m + i] = average;
        meanSquare[v + i] = square;
        float denominator = sqrt(square * inverse) + added;
        parameter[p + i] = weight - quotient(gradientRate * slope + meanRate * average, denominator);
    }
}
