package io.github.visitorcounter.internal.broadcast.delivery;

import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.TimeSource;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The ports and limits of a pass.
 *
 * @param connections reads the connections of a counter
 * @param poster posts messages
 * @param concurrency the maximum number of concurrent posts
 * @param handshakeGrace the age from which a connection that answers 410 is a suspect
 * @param backoff the delay before a connection is retried
 * @param timeSource the clock
 * @param pageReader the executor that reads pages, so that posting continues during a read
 */
public record PassPorts(
        ConnectionStore connections,
        Poster poster,
        int concurrency,
        Duration handshakeGrace,
        Backoff backoff,
        TimeSource timeSource,
        Executor pageReader) {}
