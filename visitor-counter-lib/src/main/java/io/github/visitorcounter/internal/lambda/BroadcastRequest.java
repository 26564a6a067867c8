package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentReport;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentRequest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the broadcasting function is asked to do. */
public sealed interface BroadcastRequest {

    /** What the function can do. */
    interface Actions {

        /** Broadcasts a counter. */
        void broadcast(String counterId);

        /** Broadcasts all counters of a batch, and returns the sequence numbers of the records that Lambda must deliver again. */
        List<String> broadcast(StreamBatch batch);

        /** Sends a message to a segment of an audience. */
        SegmentReport send(SegmentRequest request);
    }

    /**
     * Does it, and writes the answer.
     *
     * @param actions what the function can do
     * @param output where Lambda expects the answer
     * @throws IOException if it can't be written
     */
    void run(Actions actions, OutputStream output) throws IOException;

    /**
     * Another function asks for a broadcast after a disconnect.
     *
     * @param counterId whose count
     */
    record Direct(String counterId) implements BroadcastRequest {

        @Override
        public void run(Actions actions, OutputStream output) throws IOException {
            actions.broadcast(counterId);
            Responses.write(Responses.stream(List.of()), output);
        }
    }

    /**
     * Another invocation divides its audience.
     *
     * @param request what to send to whom
     */
    record Segment(SegmentRequest request) implements BroadcastRequest {

        @Override
        public void run(Actions actions, OutputStream output) throws IOException {
            String report = InvocationPayloads.report(actions.send(request));
            output.write(report.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * The stream of the table of counters.
     *
     * @param batch its records
     */
    record Stream(StreamBatch batch) implements BroadcastRequest {

        @Override
        public void run(Actions actions, OutputStream output) throws IOException {
            Responses.write(Responses.stream(actions.broadcast(batch)), output);
        }
    }
}
