package io.github.visitorcounter.benchmark.visitors;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FramesTest {

    private final List<String> received = new ArrayList<>();

    @Test
    void frames_are_read_from_arbitrary_fragments() {
        String longer = "x".repeat(300);
        byte[] bytes = concatenated(frame("first"), frame(longer), frame(""));
        ByteBuffer in = ByteBuffer.allocate(Frames.MAX_LENGTH);

        for (byte one : bytes) {
            in.put(one).flip();
            Frames.read(in, this::receive);
            in.compact();
        }

        assertThat(received).containsExactly("first", longer, "");
        assertThat(in.position()).isZero();
    }

    @Test
    void a_frame_over_the_maximum_is_an_error() {
        ByteBuffer in = ByteBuffer.wrap(frame("x".repeat(Frames.MAX_LENGTH + 1)));

        assertThatThrownBy(() -> Frames.read(in, this::receive)).hasMessageContaining("frame of 1001 bytes");
    }

    private void receive(int opcode, byte[] bytes, int offset, int length) {
        assertThat(opcode).isEqualTo(Frames.TEXT);
        received.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }

    private static byte[] frame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 4);
        frame.put((byte) (0x80 | Frames.TEXT));
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else {
            frame.put((byte) 126).putShort((short) payload.length);
        }
        byte[] bytes = new byte[frame.put(payload).position()];
        frame.flip().get(bytes);
        return bytes;
    }

    private static byte[] concatenated(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(2_000);
        for (byte[] part : parts) {
            all.put(part);
        }
        byte[] bytes = new byte[all.position()];
        all.flip().get(bytes);
        return bytes;
    }
}
