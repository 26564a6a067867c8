package io.github.visitorcounter.internal.broadcast.delivery;

import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.TimeSource;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What a pass needs of the world, and its limits.
 *
 * @param connections who is told
 * @param poster how they are told
 * @param concurrency how many posts are under way at once
 * @param handshakeGrace how old a connection must be for its 410 to mean that it is gone
 * @param backoff the wait before a connection is tried again
 * @param timeSource where it waits
 * @param pageReader runs the reading of a page, so that posting goes on meanwhile
 */
public record PassPorts(
        ConnectionStore connections,
        Poster poster,
        int concurrency,
        Duration handshakeGrace,
        Backoff backoff,
        TimeSource timeSource,
        Executor pageReader) {}
