package org.bitgrid.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the names a user may have meant. */
final class NearNames {
    private NearNames() {
    }

    /**
     * The known names that are near a mistyped one, nearest first: those at most two edits away (a third of the length
     * for long names), and those that one begins or ends with the other.
     */
    static List<String> of(String mistyped, Collection<String> known) {
        String wanted = bare(mistyped);
        if (wanted.isEmpty()) {
            return List.of();
        }
        record Candidate(String name, int distance) {
        }
        List<Candidate> near = new ArrayList<>();
        for (String name : known) {
            String candidate = bare(name);
            int distance = editDistance(wanted, candidate);
            boolean within = distance <= Math.max(2, wanted.length() / 3) && distance < candidate.length();
            boolean part = Math.min(wanted.length(), candidate.length()) >= 3
                    && (candidate.startsWith(wanted) || candidate.endsWith(wanted) || wanted.startsWith(candidate));
            if (within || part) {
                near.add(new Candidate(name, distance));
            }
        }
        near.sort(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name));
        return near.stream().limit(3).map(Candidate::name).collect(Collectors.toList());
    }

    private static String bare(String name) {
        int start = 0;
        while (start < name.length() && name.charAt(start) == '-') {
            start++;
        }
        int end = name.indexOf('=');
        return name.substring(start, end < start ? name.length() : end);
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    static int editDistance(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replaced = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int best = Math.min(replaced, Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, distance[i - 2][j - 2] + 1);
                }
                distance[i][j] = best;
            }
        }
        return distance[a.length()][b.length()];
    }
}
