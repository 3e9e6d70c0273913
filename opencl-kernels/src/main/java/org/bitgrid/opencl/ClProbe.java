package org.bitgrid.opencl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out by compiling what programs on a device can use: drivers both claim what fails and hide what works (NVIDIA's
 * computes with half floats without naming the extension).
 */
final class ClProbe {
    /** NVIDIA's tensor cores, through inline assembly. */
    private static final String ASSEMBLY = "mma.sync";
    private static final Map<String, String> PROGRAMS = new LinkedHashMap<>();

    static {
        PROGRAMS.put("fp64", """
                #pragma OPENCL EXTENSION cl_khr_fp64 : enable
                __kernel void probe(__global double* x) { x[get_global_id(0)] *= 0.5; }
                """);
        PROGRAMS.put("fp16", """
                #pragma OPENCL EXTENSION cl_khr_fp16 : enable
                __kernel void probe(__global half* x) { half a = x[get_global_id(0)]; x[get_global_id(0)] = a * a; }
                """);
        PROGRAMS.put("subgroups", """
                #pragma OPENCL EXTENSION cl_khr_subgroups : enable
                __kernel void probe(__global float* x) { x[get_global_id(0)] = sub_group_reduce_add(x[0]); }
                """);
        PROGRAMS.put(ASSEMBLY, """
                __kernel void probe(__global float* x) {
                    float a = 0, b = 0, c = 0, d = 0;
                    uint p = 0, q = 0, r = 0, s = 0, t = 0, u = 0;
                    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
                        "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                        : "+f"(a), "+f"(b), "+f"(c), "+f"(d) : "r"(p), "r"(q), "r"(r), "r"(s), "r"(t), "r"(u));
                    x[get_global_id(0)] = a + b + c + d;
                }
                """);
    }

    private ClProbe() {
    }

    /** Names of the features whose programs compile. */
    static List<String> features(ClRuntime runtime) {
        List<String> found = new ArrayList<>();
        PROGRAMS.forEach((name, text) -> {
            boolean inlineAssembly = name.equals(ASSEMBLY);
            if (inlineAssembly && !runtime.device().vendor().contains("NVIDIA")) {
                return; // other compilers take the text for their own assembly
            }
            if (runtime.compiles(text)) {
                found.add(name);
            }
        });
        return List.copyOf(found);
    }
}
