package org.bitgrid.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.bitgrid.nn.data.Batch;
import org.bitgrid.nn.io.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    @TempDir
    private Path folder;

    private void image(String name, int rgb, int side) throws IOException {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            image.setRGB(i % side, i / side, rgb);
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
    }

    @Test
    void labelsAreFoldersInAlphabeticalOrderAndImagesHaveOneSize() throws IOException {
        image("shoes/a.png", 0xff0000, 8);
        image("bags/b.png", 0x0000ff, 4);
        Files.writeString(folder.resolve("bags/notes.txt"), "no image");
        ImageFolder images = new ImageFolder(folder, 3, 4, 4);
        assertThat(images.classes()).containsExactly("bags", "shoes");
        try (Batch all = images.all()) {
            assertThat(all.targets().toLongArray()).containsExactly(0, 1);
            assertThat(all.inputs().spec().shape().toArray()).containsExactly(2, 3, 4, 4);
            assertThat(all.inputs().at(0, 2, 3, 3)).isEqualTo(1);
            assertThat(all.inputs().at(1, 0, 2, 1)).isEqualTo(1);
            assertThat(all.inputs().at(1, 1, 2, 1)).isZero();
        }
        assertThat(new ImageFolder(folder, 1, 4, 4).batch(1).inputs().at(0, 0, 0, 0)).isEqualTo(76 / 255f);
    }

    @Test
    void missingAndDamagedImagesAreNamed() throws IOException {
        assertThatThrownBy(() -> new ImageFolder(folder, 1, 4, 4)).isInstanceOf(FormatException.class)
                .hasMessageContaining("holds no image");
        image("a/broken.png", 0, 4);
        byte[] bytes = Files.readAllBytes(folder.resolve("a/broken.png"));
        for (int cut = 0; cut < bytes.length - 20; cut += 7) {
            Files.write(folder.resolve("a/broken.png"), Arrays.copyOf(bytes, cut));
            assertThatThrownBy(() -> new ImageFolder(folder, 1, 4, 4).all()).isInstanceOf(FormatException.class)
                    .hasMessageContaining("broken.png");
        }
    }
}
