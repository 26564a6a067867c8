package io.github.visitorcounter.examples.sam;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.count.CountingMode;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static io.github.visitorcounter.examples.sam.SamTemplate.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/** The template's variables, defaults and limits are those of the library's settings. */
class TemplateSettingsTest {

    private static final Set<Setting<?>> KNOWN_AFTER_DEPLOYMENT = Set.of(
            Setting.CONNECTIONS_TABLE,
            Setting.COUNTERS_TABLE,
            Setting.CALLBACK_URL,
            Setting.ALLOWED_ORIGINS,
            Setting.BROADCAST_FUNCTION,
            Setting.METRICS_NAMESPACE);

    private static Map<String, Object> template;
    private static Deployment defaults;
    private static Deployment everything;

    @BeforeAll
    static void read() throws IOException {
        template = SamTransform.apply(SamTemplate.read(Path.of("template.yaml")));
        defaults = Deployment.of(template, Map.of("HttpCount", "CloudFront"), name -> name);
        everything = Deployment.of(
                template,
                Map.of(
                        "HttpCount", "CloudFront",
                        "AllowedOrigins", "https://www.example.org,capacitor://localhost",
                        "AllowedCounters", "site,page:*",
                        "SiteCounter", "site",
                        "Watchers", "true",
                        "CountingMode", "visitors",
                        "VisitTimeoutSeconds", "600",
                        "ConnectsPerIp", "50",
                        "MaxLive", "1000",
                        "BroadcastMessagesPerSecond", "7"),
                name -> name);
    }

    /** The library rejects unknown variables. What CloudFormation fills in is replaced by a name. */
    @Test
    void every_function_starts_with_its_settings() {
        for (String function : functions()) {
            assertThatCode(() -> config(function, everything)).as(function).doesNotThrowAnyException();
            VisitorCounterConfig config = config(function, defaults);
            assertThat(Setting.all())
                    .filteredOn(setting -> !KNOWN_AFTER_DEPLOYMENT.contains(setting))
                    .as("the defaults of %s", function)
                    .allSatisfy(setting -> assertThat((Object) config.find(setting))
                            .isEqualTo(VisitorCounterConfig.builder().build().find(setting)));
        }
    }

    @Test
    void every_parameter_has_the_limits_of_its_setting() {
        Map<String, Setting<?>> parameters = settingsByParameter();
        assertThat(parameters).hasSize(14).allSatisfy((parameter, setting) -> {
            Map<String, Object> declared = parameter(parameter);
            VisitorCounterConfig config = VisitorCounterConfig.builder()
                    .environment(Map.of(setting.variable(), text(declared, "Default")))
                    .build();
            assertThat((Object) config.find(setting))
                    .isEqualTo(VisitorCounterConfig.builder().build().find(setting));
            if (declared.get("Type").equals("Number")) {
                BigInteger min = new BigInteger(text(declared, "MinValue"));
                BigInteger max = new BigInteger(text(declared, "MaxValue"));
                assertThat(accepts(setting, min)).isTrue();
                assertThat(accepts(setting, max)).isTrue();
                assertThat(accepts(setting, min.subtract(BigInteger.ONE))).isFalse();
                assertThat(accepts(setting, max.add(BigInteger.ONE))).isFalse();
            }
        });
        assertThat(parameter("CountingMode").get("AllowedValues"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactlyInAnyOrder(Stream.of(CountingMode.values())
                        .map(Setting.COUNTING_MODE::format)
                        .toArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "https://www.example.org",
                "https://*.example.org,http://localhost:8080",
                "https://*.example.org:8443",
                "http://[::1]:3000",
                "https://my_site.example.org",
                "https://example.org:80,http://example.org:443",
                "capacitor://localhost,ionic://localhost,tauri://localhost,http://tauri.localhost",
                "https://www.example.org:443",
                "https://ok.example,https://www.example.org:443,https://too.example",
                "http://www.example.org:80",
                "https://Example.org",
                "https://example.org/",
                "https://example.org/page",
                "https://example.org,",
                ",https://example.org",
                "https://a.example,,https://b.example",
                "wss://example.org",
                "ftp://example.org",
                "file://example.org",
                "example.org",
                "https://*",
                "https://a.*.example.org",
                "https://example.org:0443"
            })
    void the_parameter_takes_the_origins_that_the_library_takes(String origins) {
        assertThat(origins.matches(text(parameter("AllowedOrigins"), "AllowedPattern")))
                .isEqualTo(accepts(Setting.ALLOWED_ORIGINS, origins));
    }

    @ParameterizedTest
    @ValueSource(strings = {"site", "site,blog", "page:*", "a/b.c_d-e", "b g", "site,", "a*b", "", "*"})
    void the_parameter_takes_the_counters_that_the_library_takes(String counters) {
        assertThat(counters.matches(text(parameter("AllowedCounters"), "AllowedPattern")))
                .isEqualTo(accepts(Setting.ALLOWED_COUNTERS, counters));
    }

    private static VisitorCounterConfig config(String function, Deployment deployment) {
        Map<String, String> environment = new TreeMap<>();
        object(deployment.property(function, "Environment", "Variables"))
                .forEach((variable, value) -> environment.put(
                        variable,
                        Pattern.compile("\\$\\{([^}]+)}")
                                .matcher(String.valueOf(value))
                                .replaceAll(reference -> reference
                                        .group(1)
                                        .replaceAll("[.:]", "")
                                        .toLowerCase(Locale.ROOT))));
        return VisitorCounterConfig.builder().environment(environment).build();
    }

    /** The functions with the library's handlers. */
    private static List<String> functions() {
        return defaults.resources("AWS::Lambda::Function").keySet().stream()
                .filter(function ->
                        defaults.property(function, "Handler").toString().startsWith("io.github.visitorcounter."))
                .toList();
    }

    /** The parameters that are settings of a function, as they are. */
    private static Map<String, Setting<?>> settingsByParameter() {
        Map<String, Setting<?>> settings = new TreeMap<>();
        for (String function : functions()) {
            Map<String, Object> variables =
                    object(object(object(resource(function).get("Properties")).get("Environment"))
                            .get("Variables"));
            Setting.all().forEach(setting -> Pattern.compile("Ref=(\\w+)")
                    .matcher(String.valueOf(variables.get(setting.variable())))
                    .results()
                    .map(reference -> reference.group(1))
                    .filter(object(template.get("Parameters"))::containsKey)
                    .forEach(parameter -> settings.put(parameter, setting)));
        }
        return settings;
    }

    private static Map<String, Object> resource(String id) {
        return object(object(template.get("Resources")).get(id));
    }

    private static Map<String, Object> parameter(String name) {
        return object(object(template.get("Parameters")).get(name));
    }

    private static String text(Map<String, Object> node, String key) {
        return String.valueOf(node.get(key));
    }

    private static boolean accepts(Setting<?> setting, Object value) {
        try {
            setting.parse(value.toString());
            return true;
        } catch (IllegalArgumentException notAllowed) {
            return false;
        }
    }
}
