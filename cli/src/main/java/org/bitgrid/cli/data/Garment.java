package org.bitgrid.cli.data;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Rng;

/** The ten things that are drawn, in the order of Fashion-MNIST's labels. Each is drawn in other proportions each time. */
enum Garment {
    T_SHIRT {
        @Override
        void draw(Sketch sketch) {
            float width = sketch.vary(0.42f, 0.08f);
            float hem = sketch.vary(0.72f, 0.12f);
            sketch.add(1, Figure.box(-width, -0.7f, width, hem));
            sketch.sleeves(width, sketch.vary(0.42f, 0.1f), sketch.vary(-0.12f, 0.1f), 0.3f);
            sketch.add(0, Figure.disc(0, -0.78f, sketch.vary(0.2f, 0.05f)));
        }
    },
    TROUSERS {
        @Override
        void draw(Sketch sketch) {
            float hip = sketch.vary(0.36f, 0.06f);
            float gap = sketch.vary(0.1f, 0.05f);
            float leg = sketch.vary(0.32f, 0.06f);
            sketch.add(1, Figure.box(-hip, -0.85f, hip, -0.45f));
            sketch.add(1, Figure.polygon(0.02f, -0.5f, hip, -0.5f, leg + gap / 2, 0.88f, gap, 0.88f).mirrored());
        }
    },
    PULLOVER {
        @Override
        void draw(Sketch sketch) {
            float width = sketch.vary(0.45f, 0.07f);
            sketch.add(1, Figure.box(-width, -0.68f, width, sketch.vary(0.68f, 0.1f)));
            sketch.sleeves(width, sketch.vary(0.36f, 0.08f), sketch.vary(0.62f, 0.1f), 0.24f);
            sketch.add(0, Figure.disc(0, -0.76f, sketch.vary(0.16f, 0.04f)));
            sketch.add(0.7f, Figure.stroke(-width, 0.58f, width, 0.58f, 0.08f));
        }
    },
    DRESS {
        @Override
        void draw(Sketch sketch) {
            float top = sketch.vary(0.24f, 0.06f);
            float waist = sketch.vary(0.2f, 0.05f);
            float hem = sketch.vary(0.46f, 0.1f);
            sketch.add(1, Figure.polygon(-top, -0.8f, top, -0.8f, waist, -0.1f, -waist, -0.1f));
            sketch.add(1, Figure.polygon(-waist, -0.15f, waist, -0.15f, hem, 0.9f, -hem, 0.9f));
            sketch.add(0, Figure.disc(0, -0.88f, sketch.vary(0.16f, 0.05f)));
        }
    },
    COAT {
        @Override
        void draw(Sketch sketch) {
            float width = sketch.vary(0.43f, 0.06f);
            sketch.add(1, Figure.box(-width, -0.78f, width, sketch.vary(0.88f, 0.06f)));
            sketch.sleeves(width, sketch.vary(0.34f, 0.07f), sketch.vary(0.7f, 0.1f), 0.24f);
            sketch.add(0, Figure.polygon(-0.16f, -0.8f, 0.16f, -0.8f, 0, sketch.vary(-0.35f, 0.12f)));
            sketch.add(0.2f, Figure.stroke(0, -0.4f, 0, 0.9f, 0.06f));
        }
    },
    SANDAL {
        @Override
        void draw(Sketch sketch) {
            float heel = sketch.vary(0.05f, 0.2f);
            float width = sketch.vary(0.1f, 0.03f);
            sketch.add(1, Figure.polygon(-0.9f, 0.4f, -0.3f, 0.45f, 0.85f, 0.4f - heel, 0.85f, 0.56f, -0.9f, 0.56f));
            sketch.add(0.9f, Figure.stroke(-0.7f, 0.42f, -0.25f, sketch.vary(-0.02f, 0.1f), width));
            sketch.add(0.9f, Figure.stroke(-0.25f, 0.42f, 0.1f, sketch.vary(-0.1f, 0.1f), width));
            sketch.add(0.9f, Figure.stroke(0.25f, 0.35f, 0.8f, sketch.vary(-0.25f, 0.1f), width));
        }
    },
    SHIRT {
        @Override
        void draw(Sketch sketch) {
            float width = sketch.vary(0.42f, 0.07f);
            sketch.add(1, Figure.box(-width, -0.72f, width, sketch.vary(0.76f, 0.1f)));
            sketch.sleeves(width, sketch.vary(0.36f, 0.08f), sketch.vary(0.3f, 0.35f), 0.25f);
            sketch.add(0, Figure.polygon(-0.14f, -0.74f, 0.14f, -0.74f, 0, sketch.vary(-0.5f, 0.08f)));
            for (float y = -0.35f; y < 0.7f; y += 0.25f) {
                sketch.add(0.3f, Figure.disc(0, y, 0.05f));
            }
        }
    },
    SNEAKER {
        @Override
        void draw(Sketch sketch) {
            float ankle = sketch.vary(-0.12f, 0.08f);
            float toe = sketch.vary(0.2f, 0.06f);
            sketch.add(1, Figure.polygon(-0.1f, ankle + 0.08f, 0.8f, ankle, 0.88f, 0.45f, -0.9f, 0.45f, -0.88f, toe));
            sketch.add(sketch.vary(0.6f, 0.3f), Figure.box(-0.9f, 0.45f, 0.9f, 0.58f));
            sketch.add(0.4f, Figure.stroke(-0.3f, 0.1f, 0.3f, 0.38f, 0.08f));
        }
    },
    BAG {
        @Override
        void draw(Sketch sketch) {
            float width = sketch.vary(0.72f, 0.12f);
            float top = sketch.vary(-0.22f, 0.12f);
            sketch.add(0.8f, Figure.ring(0, top, sketch.vary(0.42f, 0.08f), 0.1f));
            sketch.add(1, Figure.box(-width, top, width, sketch.vary(0.66f, 0.1f)));
            sketch.add(0.5f, Figure.stroke(-width, top + 0.25f, width, top + 0.25f, 0.06f));
        }
    },
    ANKLE_BOOT {
        @Override
        void draw(Sketch sketch) {
            float shaft = sketch.vary(-0.7f, 0.12f);
            float front = sketch.vary(0.02f, 0.1f);
            sketch.add(1, Figure.box(front, shaft, 0.72f, 0.3f));
            sketch.add(1, Figure.polygon(front, -0.05f, 0.76f, 0.1f, 0.78f, 0.6f, -0.88f, 0.6f, -0.86f, 0.32f));
            sketch.add(0.6f, Figure.box(-0.88f, 0.6f, 0.8f, 0.72f));
        }
    };

    abstract void draw(Sketch sketch);

    /** Figures laid over each other, each with its tone: 1 the cloth's own, 0 a hole. */
    static final class Sketch {
        private final Rng rng;
        private final List<Figure> figures = new ArrayList<>();
        private final List<Float> tones = new ArrayList<>();

        Sketch(Rng rng) {
            this.rng = rng;
        }

        void add(float tone, Figure figure) {
            figures.add(figure);
            tones.add(tone);
        }

        /** A number uniform within {@code spread} of {@code middle}. */
        float vary(float middle, float spread) {
            return middle + spread * (2 * rng.nextFloat() - 1);
        }

        /** A pair of sleeves from the shoulders of a body down to a height, set off from the body by {@code flare}. */
        void sleeves(float bodyWidth, float flare, float end, float thickness) {
            float outer = Math.min(0.98f, bodyWidth + flare);
            add(1, Figure.polygon(bodyWidth - 0.08f, -0.7f, bodyWidth + 0.06f, -0.7f, outer, end,
                    outer - thickness, end, bodyWidth - 0.08f, -0.35f).mirrored());
        }

        /** Brightness of a point, 0 to 1, with edges softened over {@code edge}. */
        float tone(float x, float y, float edge) {
            float tone = 0;
            for (int i = 0; i < figures.size(); i++) {
                float coverage = Math.min(1, Math.max(0, 0.5f - figures.get(i).distance(x, y) / edge));
                tone += coverage * (tones.get(i) - tone);
            }
            return tone;
        }
    }
}
