package io.github.visitorcounter.demo;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.access.Access;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** examples-sam/template.yaml with all optional features: several counters, limits, visitors. */
@Tag("slow")
class TemplateCountersIT {

    private static final Path TEMPLATE = Path.of("../../examples-sam/template.yaml");
    private static final Map<String, String> PARAMETERS = Map.of(
            "AllowedCounters", "site,page:*",
            "CountingMode", "visitors",
            "ConnectsPerIp", "1000",
            "MaxLive", "1000");

    private final HttpClient browser = HttpClient.newHttpClient();
    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void each_counter_is_broadcast_to_its_own_visitors() throws Exception {
        StackTemplate template = StackTemplate.read(TEMPLATE, PARAMETERS);
        try (EmbeddedStack stack = template.describe().logSink(log::add).start()) {
            Visitor one = Visitor.connect(browser, stack, "counter=page:1&visitor=a");
            Visitor sameOne = Visitor.connect(browser, stack, "counter=page:1&visitor=a");
            Visitor other = Visitor.connect(browser, stack, "counter=page:1&visitor=b");
            Visitor elsewhere = Visitor.connect(browser, stack, "counter=page:2&visitor=a");
            one.awaits(2, 2);
            sameOne.awaits(2, 2);
            elsewhere.awaits(1, 1);

            other.disconnect();
            one.awaits(1, 2);

            assertThat(log).noneMatch(line -> line.contains("is not authorized"));
            assertThat(stack.accesses())
                    .filteredOn(access -> access.function().equals("BroadcastFunction"))
                    .extracting(Access::action, access -> access.resource().replaceFirst(".*:", ""))
                    .contains(tuple("dynamodb:Query", "table/ConnectionIDs/index/byCounter"))
                    .doesNotContain(tuple("dynamodb:Scan", "table/ConnectionIDs"));
        }
    }
}
