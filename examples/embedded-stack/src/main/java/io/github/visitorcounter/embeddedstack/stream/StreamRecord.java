package io.github.visitorcounter.embeddedstack.stream;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;

/**
 * A record of a shard.
 *
 * @param sequenceNumber its position in the shard
 * @param json the record as the function receives it
 * @param bytes the size of that JSON
 * @param readAt when the poller read it
 */
record StreamRecord(String sequenceNumber, JsonNode json, int bytes, Instant readAt) {}
