package io.github.visitorcounter.examples.parity;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.broadcast.RoundedMessageFormat;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.embeddedstack.stream.FilterPattern;
import io.github.visitorcounter.examples.cdk.SocketDomain;
import io.github.visitorcounter.examples.cdk.VisitorCounterProps;
import io.github.visitorcounter.examples.cdk.VisitorCounterStack;
import io.github.visitorcounter.examples.sam.Deployment;
import io.github.visitorcounter.examples.sam.SamTemplate;
import io.github.visitorcounter.examples.sam.SamTransform;
import io.github.visitorcounter.examples.sam.Tools;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.App;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.assertions.Template;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.logs.RetentionDays;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The CDK's stack and the SAM template are the same system, resource by resource and property by property. */
class ParityTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Path SAM = ROOT.resolve("examples-sam");
    private static final Path CDK = ROOT.resolve("examples-cdk");

    /** One value each that is not the default. */
    private static final Map<String, String> EVERYTHING = Map.ofEntries(
            Map.entry("AllowedOrigins", "https://www.example.org,https://*.example.com"),
            Map.entry("AllowedCounters", "site,blog"),
            Map.entry("SiteCounter", "site"),
            Map.entry("Watchers", "true"),
            Map.entry("DisconnectDebounce", "false"),
            Map.entry("NewCountersPerMinute", "600"),
            Map.entry("UnusedCounterDays", "90"),
            Map.entry("CountingMode", "visitors"),
            Map.entry("MessageFormat", "rounded"),
            Map.entry("VisitTimeoutSeconds", "600"),
            Map.entry("WakeUpWindowSeconds", "3"),
            Map.entry("WakeUpMemory", "512"),
            Map.entry("ConnectsPerIp", "50"),
            Map.entry("MaxLive", "1000"),
            Map.entry("BroadcastMessagesPerSecond", "7"),
            Map.entry("TotalsDeletionPolicy", "Delete"),
            Map.entry("LogRetentionDays", "30"),
            Map.entry("ConnectConcurrency", "20"),
            Map.entry("BroadcastConcurrency", "12"),
            Map.entry("HttpCount", "CloudFront"),
            Map.entry("HttpCountMaxAgeSeconds", "60"),
            Map.entry("HttpCountConcurrency", "4"),
            Map.entry("Tracing", "Active"),
            Map.entry("AlarmTopic", "arn:aws:sns:eu-west-1:123456789012:alarms"),
            Map.entry("SocketDomain", "counter.example.com"),
            Map.entry("SocketCertificate", "arn:aws:acm:eu-west-1:123456789012:certificate/1"));

    private static final Map<String, String> WITHOUT_PAGE =
            Map.of("Page", "None", "AllowedOrigins", "https://www.example.org");

    private static final Map<String, String> ALL_FUNCTIONS = Map.of("HttpCount", "CloudFront");

    private static final Map<String, String> HTTP_COUNT_ONLY =
            Map.of("HttpCount", "CloudFront", "Page", "None", "AllowedOrigins", "https://www.example.org");

    /** What translate.py answers without the translator. */
    private static final int NOT_INSTALLED = 3;

    private static Map<String, Object> sam;

    @TempDir
    private Path folder;

    @BeforeAll
    static void read_the_sam_template() throws IOException {
        sam = SamTemplate.read(SAM.resolve("template.yaml"));
    }

    @Test
    void both_make_the_same_with_their_defaults() throws Exception {
        assumeNode();
        same(cdk(props()), written(Map.of()));
    }

    @Test
    void both_make_the_same_with_everything_set() throws Exception {
        assumeNode();
        VisitorCounterProps.Builder everything = props().allowedOrigins(
                        List.of("https://www.example.org", "https://*.example.com"))
                .allowedCounters(List.of("site", "blog"))
                .siteCounter("site")
                .watchers(true)
                .countingMode(CountingMode.VISITORS)
                .messageFormat(RoundedMessageFormat.instance())
                .visitTimeout(Duration.ofMinutes(10))
                .wakeUpWindow(Duration.ofSeconds(3))
                .wakeUpMemoryMegabytes(512)
                .disconnectDebounce(false)
                .connectsPerIp(50)
                .newCountersPerMinute(600)
                .unusedCounterDays(90)
                .maxLive(1_000)
                .broadcastMessagesPerSecond(7)
                .totals(RemovalPolicy.DESTROY)
                .logRetention(RetentionDays.ONE_MONTH)
                .connectConcurrency(20)
                .broadcastConcurrency(12)
                .httpCount(true)
                .httpCountMaxAge(Duration.ofMinutes(1))
                .httpCountConcurrency(4)
                .tracing(true)
                .alarmTopicArn(EVERYTHING.get("AlarmTopic"))
                .socketDomain(new SocketDomain(EVERYTHING.get("SocketDomain"), EVERYTHING.get("SocketCertificate")));
        same(cdk(everything), written(EVERYTHING));
    }

    @Test
    void both_make_the_same_without_a_page() throws Exception {
        assumeNode();
        same(
                cdk(VisitorCounterProps.builder().code(code()).allowedOrigins(List.of("https://www.example.org"))),
                written(WITHOUT_PAGE));
    }

    @Test
    void both_make_the_same_count_over_http_without_a_page() throws Exception {
        assumeNode();
        same(
                cdk(VisitorCounterProps.builder()
                        .code(code())
                        .httpCount(true)
                        .allowedOrigins(List.of("https://www.example.org"))),
                written(HTTP_COUNT_ONLY));
    }

    /**
     * SAM publishes a version when the properties of a function change, as they are before CloudFormation evaluates
     * conditions and most functions. A parameter that reaches a function in another way only would never reach its
     * alias.
     */
    @Test
    void every_parameter_of_a_function_publishes_a_version_of_it() throws Exception {
        Map<String, String> values = new TreeMap<>(EVERYTHING);
        values.putAll(WITHOUT_PAGE);
        Tools.Result result = Tools.run(
                        "python3",
                        "src/test/resources/versions.py",
                        SAM.resolve("template.yaml").toString(),
                        new ObjectMapper().writeValueAsString(values))
                .filter(translation -> translation.status() != NOT_INSTALLED)
                .orElseGet(
                        () -> abort("aws-sam-translator is not installed (pip install aws-sam-translator), so it is not"
                                + " checked which versions it publishes"));
        assertThat(result.status()).as(result.output()).isZero();
        Map<String, Object> versions = object(new ObjectMapper().readValue(result.output(), Map.class));
        Map<String, Object> defaults = functions(ALL_FUNCTIONS);
        TreeSet<String> published = new TreeSet<>();
        TreeSet<String> missing = new TreeSet<>();
        for (String parameter : object(sam.get("Parameters")).keySet()) {
            assertThat(values).as("a value for each parameter").containsKey(parameter);
            Map<String, String> parameters = new TreeMap<>(ALL_FUNCTIONS);
            parameters.put(parameter, values.get(parameter));
            Map<String, Object> changed = functions(parameters);
            changed.forEach((function, properties) -> {
                if (!properties.equals(defaults.get(function))) {
                    Object before = object(versions.get("")).get(function);
                    Object after = object(versions.get(parameter)).get(function);
                    (after.equals(before) ? missing : published).add(parameter + " of " + function);
                }
            });
        }
        assertThat(missing).as("parameters without a new version").isEmpty();
        assertThat(published)
                .contains(
                        "AllowedCounters of BroadcastFunction",
                        "BroadcastMessagesPerSecond of WakeUpFunction",
                        "Page of ConnectFunction",
                        "AllowedOrigins of ConnectFunction",
                        "Tracing of MessageFunction",
                        "MaxLive of ConnectFunction",
                        "SiteCounter of DisconnectFunction",
                        "SiteCounter of MessageFunction",
                        "Watchers of WakeUpFunction",
                        "SiteCounter of HttpCountFunction",
                        "HttpCountMaxAgeSeconds of HttpCountFunction",
                        "AllowedOrigins of HttpCountFunction");
    }

    /** What versions have of each function: all but its concurrency, which is not theirs. */
    private static Map<String, Object> functions(Map<String, String> parameters) {
        Map<String, Object> functions = new TreeMap<>();
        Deployment.of(SamTransform.apply(sam), parameters, name -> name)
                .resources("AWS::Lambda::Function")
                .forEach((name, function) -> {
                    Map<String, Object> properties = new TreeMap<>(object(function.get("Properties")));
                    properties.remove("ReservedConcurrentExecutions");
                    functions.put(name, properties);
                });
        return functions;
    }

    @Test
    void these_tests_read_the_sam_template_as_its_translator_does() throws Exception {
        Tools.Result translation = Tools.run(
                        "python3",
                        "src/test/resources/translate.py",
                        SAM.resolve("template.yaml").toString())
                .filter(result -> result.status() != NOT_INSTALLED)
                .orElseGet(() -> abort("aws-sam-translator is not installed (pip install aws-sam-translator), so the"
                        + " template is compared as it is written only"));
        assertThat(translation.status()).as(translation.output()).isZero();
        Map<String, Object> translated = object(new ObjectMapper().readValue(translation.output(), Map.class));
        for (Map<String, String> parameters :
                List.of(Map.<String, String>of(), EVERYTHING, WITHOUT_PAGE, HTTP_COUNT_ONLY)) {
            same(SameTerms.of(Deployment.of(translated, parameters, SameTerms::ofTranslator)), written(parameters));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "PRUNE", "PACE", "RECONCILE"})
    void changes_that_are_not_announced_invoke_the_broadcast(String change) {
        for (String row : List.of("site", "rows#site#a1b2#3")) {
            assertThat(broadcasts().matches(record("MODIFY", row, "\"lastChange\": {\"S\": \"" + change + "\"}")))
                    .as(row)
                    .isTrue();
        }
    }

    @Test
    void disconnects_do_not_because_they_are_announced_directly() {
        assertThat(broadcasts().matches(record("MODIFY", "site", "\"lastChange\": {\"S\": \"DISCONNECT\"}")))
                .isFalse();
    }

    @Test
    void other_rows_of_the_table_do_not() {
        for (String row : List.of("lease#site", "wake#site", "visit#v1")) {
            assertThat(broadcasts().matches(record("MODIFY", row, "\"version\": {\"N\": \"17\"}")))
                    .as(row)
                    .isFalse();
        }
        assertThat(broadcasts().matches(removed("site"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INSERT", "MODIFY"})
    void a_requested_wake_up_invokes_its_function(String event) {
        assertThat(wakeUps().matches(record(event, "wake#site", "\"requestedAt\": {\"N\": \"17\"}")))
                .isTrue();
        assertThat(broadcasts().matches(record(event, "wake#site", "\"requestedAt\": {\"N\": \"17\"}")))
                .isFalse();
    }

    @Test
    void nothing_else_does() {
        assertThat(wakeUps().matches(removed("wake#site")))
                .as("the deletion of a wake-up")
                .isFalse();
        for (String row : List.of("site", "wake", "lease#site", "rows#site#a1b2#3")) {
            assertThat(wakeUps().matches(record("MODIFY", row, "\"lastChange\": {\"S\": \"CONNECT\"}")))
                    .as(row)
                    .isFalse();
        }
    }

    @Test
    void both_serve_the_page_of_the_client() throws IOException {
        Map<String, String> samPage = files(SAM.resolve("page"));
        assertThat(files(CDK.resolve("page")))
                .as("examples-cdk/page, which is a copy of examples-sam/page")
                .isEqualTo(samPage);
        assertThat(samPage.get("site/visitor-counter.min.js"))
                .as("the copy of js-client/visitor-counter.min.js; npm run build in js-client/tools copies it")
                .isEqualTo(Files.readString(ROOT.resolve("js-client/visitor-counter.min.js")));
    }

    /** Resource by resource, so that a failure says which. */
    private static void same(Map<String, Object> actual, Map<String, Object> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, resource) -> assertThat(actual.get(name)).as(name).isEqualTo(resource));
    }

    private static Map<String, Object> written(Map<String, String> parameters) {
        return SameTerms.of(Deployment.of(SamTransform.apply(sam), parameters, name -> name));
    }

    private Map<String, Object> cdk(VisitorCounterProps.Builder props) throws IOException {
        App app = App.Builder.create().outdir(folder.resolve("out").toString()).build();
        VisitorCounterStack stack = new VisitorCounterStack(app, "visitor-counter", props.build());
        Map<String, Object> template = Template.fromStack(stack).toJSON();
        // The stack's name is known here, and in the template that anyone may deploy it isn't.
        String text = new ObjectMapper().writeValueAsString(template);
        Map<String, Object> anyName = object(new ObjectMapper()
                .readValue(
                        text.replace("VisitorCounter/visitor-counter", "VisitorCounter/${AWS::StackName}")
                                .replace("\"visitor-counter\"", "\"${AWS::StackName}\""),
                        Map.class));
        return SameTerms.of(Deployment.of(anyName, Map.of(), SameTerms::ofCdk));
    }

    private VisitorCounterProps.Builder props() throws IOException {
        return VisitorCounterProps.builder()
                .code(code())
                .page(Code.fromAsset(CDK.resolve("page").toString()));
    }

    private Code code() throws IOException {
        Path code = Files.createDirectory(folder.resolve("code"));
        Files.writeString(code.resolve("code"), "stands for the functions' jars");
        return Code.fromAsset(code.toString());
    }

    private static FilterPattern broadcasts() {
        return filter("BroadcastFunctionChanges");
    }

    private static FilterPattern wakeUps() {
        return filter("WakeUpFunctionWakeUps");
    }

    private static FilterPattern filter(String mapping) {
        Map<String, Object> properties = object(Deployment.of(SamTransform.apply(sam), Map.of(), name -> name)
                .resources()
                .get(mapping)
                .get("Properties"));
        List<?> filters = (List<?>) object(properties.get("FilterCriteria")).get("Filters");
        assertThat(filters).hasSize(1);
        return FilterPattern.compile((String) object(filters.get(0)).get("Pattern"));
    }

    /** A record as a function receives it. */
    private static String record(String event, String row, String attributes) {
        return """
                {
                  "eventID": "1", "eventName": "%1$s", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
                  "awsRegion": "eu-west-1",
                  "dynamodb": {
                    "ApproximateCreationDateTime": 1479499740,
                    "Keys": {"counterId": {"S": "%2$s"}},
                    "NewImage": {"counterId": {"S": "%2$s"}, %3$s},
                    "SequenceNumber": "111", "SizeBytes": 26, "StreamViewType": "NEW_IMAGE"
                  }
                }
                """.formatted(event, row, attributes);
    }

    private static String removed(String row) {
        return """
                {"eventName": "REMOVE", "eventSource": "aws:dynamodb", "dynamodb": {"Keys": {"counterId": {"S": "%s"}}}}
                """.formatted(row);
    }

    private static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
        }
        return files;
    }

    private static void assumeNode() throws InterruptedException {
        assumeTrue(Tools.nodeRuns(), "Node.js is not installed, and the CDK can't do without it");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object node) {
        return (Map<String, Object>) node;
    }
}
