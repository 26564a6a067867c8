package com.example.website;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;

import java.util.Set;

/** The settings that this site sets in code; the environment contains the others. */
final class SiteSettings {

    static final String VISITORS_TABLE = "SiteVisitors";
    static final String COUNTS_TABLE = "SiteCounts";

    /** The origins of the site and its previews. */
    static final Set<String> ORIGINS = Set.of("https://www.example.com", "https://*.preview.example.com");

    private SiteSettings() {}

    static VisitorCounterConfig load(Setting<?>... required) {
        return VisitorCounterConfig.builder()
                .environment(System.getenv())
                .require(required)
                .set(Setting.CONNECTIONS_TABLE, VISITORS_TABLE)
                .set(Setting.COUNTERS_TABLE, COUNTS_TABLE)
                .set(Setting.ALLOWED_ORIGINS, ORIGINS)
                .set(Setting.CONNECTS_PER_IP, 200)
                .messageFormat(new InWords())
                .build();
    }
}
