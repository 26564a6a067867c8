package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;
import io.github.visitorcounter.embeddedstack.stream.StartingPosition;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code AWS::Lambda::EventSourceMapping} of the streams of tables. */
final class MappingReader {

    private static final Pattern STREAM_OF_A_TABLE = Pattern.compile("arn:.*:table/(?<table>[^/]+)/stream/.*");
    private static final List<String> RESPONSE_TYPES = List.of("ReportBatchItemFailures");

    private MappingReader() {}

    /**
     * Reads a mapping.
     *
     * @return the mapping, or null if its source is not emulated, which is reported
     * @throws IllegalArgumentException if settings are out of range
     */
    static @Nullable EventSourceMapping read(PropertyReader properties) {
        String source = properties.required("EventSourceArn");
        Matcher stream = STREAM_OF_A_TABLE.matcher(source);
        if (!stream.matches()) {
            properties.reportUnsupported("with the source " + source);
            return null;
        }
        EventSourceMapping.Builder mapping = EventSourceMapping.builder(
                        stream.group("table"), FunctionReader.shortName(properties.required("FunctionName")))
                .batchSize(properties.number("BatchSize", 100))
                .maximumBatchingWindowInSeconds(properties.number("MaximumBatchingWindowInSeconds", 0))
                .maximumRetryAttempts(properties.number("MaximumRetryAttempts", EventSourceMapping.UNLIMITED))
                .maximumRecordAgeInSeconds(properties.number("MaximumRecordAgeInSeconds", EventSourceMapping.UNLIMITED))
                .bisectBatchOnFunctionError(properties.flag("BisectBatchOnFunctionError", false))
                .enabled(properties.flag("Enabled", true))
                .startingPosition(startingPosition(properties));
        if (properties.number("ParallelizationFactor", 1) != 1) {
            properties.reportUnsupported("ParallelizationFactor above 1");
        }
        List<String> responses = properties.texts("FunctionResponseTypes");
        mapping.reportBatchItemFailures(!responses.isEmpty());
        if (!RESPONSE_TYPES.containsAll(responses)) {
            properties.problem("FunctionResponseTypes", "is " + responses + ". Allowed: " + RESPONSE_TYPES);
        }
        for (PropertyReader filter : properties.object("FilterCriteria").objects("Filters")) {
            mapping.filter(filter.required("Pattern"));
        }
        return mapping.build();
    }

    private static StartingPosition startingPosition(PropertyReader properties) {
        String position = properties.required("StartingPosition");
        return switch (position) {
            case "LATEST" -> StartingPosition.LATEST;
            case "TRIM_HORIZON" -> StartingPosition.TRIM_HORIZON;
            default -> {
                properties.problem(
                        "StartingPosition", "is '" + position + "'. Allowed for a table: LATEST, TRIM_HORIZON");
                yield StartingPosition.TRIM_HORIZON;
            }
        };
    }
}
