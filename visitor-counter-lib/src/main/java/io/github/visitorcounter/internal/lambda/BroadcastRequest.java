package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentReport;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentRequest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A request to the broadcast function. */
public sealed interface BroadcastRequest {

    /** The operations of the broadcast function. */
    interface Actions {

        /** Broadcasts a counter. */
        void broadcast(String counterId);

        /**
         * Broadcasts all counters of a batch. Returns the sequence numbers of the records that Lambda must deliver
         * again.
         */
        List<String> broadcast(StreamBatch batch);

        /** Sends a message to one segment of a counter's connections. */
        SegmentReport send(SegmentRequest request);
    }

    /**
     * Runs the request, and writes the response.
     *
     * @param actions the operations of the function
     * @param output receives the response
     * @throws IOException if the response can't be written
     */
    void run(Actions actions, OutputStream output) throws IOException;

    /**
     * A direct invocation that requests a broadcast, after a disconnect.
     *
     * @param counterId the counter
     */
    record Direct(String counterId) implements BroadcastRequest {

        @Override
        public void run(Actions actions, OutputStream output) throws IOException {
            actions.broadcast(counterId);
            Responses.write(Responses.stream(List.of()), output);
        }
    }

    /**
     * An invocation by a broadcast that fans out.
     *
     * @param request the message and the segment
     */
    record Segment(SegmentRequest request) implements BroadcastRequest {

        @Override
        public void run(Actions actions, OutputStream output) throws IOException {
            String report = InvocationPayloads.report(actions.send(request));
            output.write(report.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * An invocation with records of the stream of the table of counters.
     *
     * @param batch the records
     */
    record Stream(StreamBatch batch) implements BroadcastRequest {

        @Override
        public void run(Actions actions, OutputStream output) throws IOException {
            Responses.write(Responses.stream(actions.broadcast(batch)), output);
        }
    }
}
