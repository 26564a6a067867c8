package com.example.website;

import io.github.visitorcounter.testing.InMemoryAws;
import io.github.visitorcounter.testing.TestEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Robots are rejected, readers are counted. */
class SiteConnectHandlerTest {

    private final InMemoryAws aws = new InMemoryAws(SiteSettings.load());
    private final SiteConnectHandler handler = new SiteConnectHandler(aws.ports());
    private final TestEvent connect = TestEvent.connect("c1").withHeader("Origin", "https://www.example.com");

    @Test
    void robots_are_rejected() {
        assertThat(aws.invoke(handler, connect.withHeader("User-Agent", "examplebot/1.0"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(aws.count("site").live()).isZero();
    }

    @Test
    void readers_are_counted() {
        assertThat(aws.invoke(handler, connect).statusCode()).isEqualTo(200);
        assertThat(aws.count("site").live()).isEqualTo(1);
    }
}
