package com.example.website;

import io.github.visitorcounter.VisitorCounterConfig;

/** The settings that this site decides in code; the environment decides the rest. */
final class SiteSettings {

    static final String VISITORS_TABLE = "SiteVisitors";
    static final String COUNTS_TABLE = "SiteCounts";

    private SiteSettings() {}

    static VisitorCounterConfig load(String... required) {
        return VisitorCounterConfig.builder()
                .environment(System.getenv())
                .require(required)
                .connectionsTable(VISITORS_TABLE)
                .countTable(COUNTS_TABLE)
                .messageFormat(new InWords())
                .build();
    }
}
