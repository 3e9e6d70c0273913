package org.bitgrid.quant.config;

import java.util.Collection;
import java.util.Locale;

/** Finds the name that was probably meant. */
public final class NearestName {
    private NearestName() {
    }

    /** The valid name nearest to {@code wrong}, or null when none is near enough to be what was meant. */
    public static String of(String wrong, Collection<String> valid) {
        String best = null;
        int bestDistance = Math.max(2, wrong.length() / 2);
        for (String name : valid) {
            if (Math.abs(name.length() - wrong.length()) > bestDistance) {
                continue;
            }
            int distance = distance(wrong.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < bestDistance || distance == bestDistance && best == null) {
                best = name;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** {@code ; did you mean "NAME"?}, or the list of names when none is near. */
    public static String hint(String wrong, Collection<String> valid) {
        String nearest = of(wrong, valid);
        return nearest != null ? "; did you mean \"" + nearest + "\"?"
                : valid.size() <= 12 ? "; expected one of " + valid : "";
    }

    /** Number of insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
