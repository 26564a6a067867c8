package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.services.lambda.Code;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import static io.github.visitorcounter.examples.cdk.SynthesisedTemplate.list;
import static io.github.visitorcounter.examples.cdk.SynthesisedTemplate.object;
import static io.github.visitorcounter.examples.cdk.SynthesisedTemplate.properties;
import static io.github.visitorcounter.examples.cdk.SynthesisedTemplate.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Synthesises the stack once; the CDK does that in Node.js, and without it these tests are skipped. */
class VisitorCounterStackTest {

    private static final String FUNCTION = "AWS::Lambda::Function";

    private static SynthesisedTemplate template;
    private static Path synthesised;

    @BeforeAll
    static void synthesise(@TempDir Path functions, @TempDir Path output) throws Exception {
        assumeTrue(Tools.nodeRuns(), "Node.js is not installed, and the CDK can't do without it");
        Files.writeString(functions.resolve("code"), "stands for the functions' jars");
        synthesised = output.resolve("visitor-counter.template.json");
        App app = App.Builder.create().outdir(output.toString()).build();
        template = new SynthesisedTemplate(new VisitorCounterStack(
                app,
                "visitor-counter",
                VisitorCounterProps.builder()
                        .code(Code.fromAsset(functions.toString()))
                        .page(Code.fromAsset(Path.of("..", "page").toString()))
                        .allowedOrigins(List.of("https://www.example.org"))
                        .allowedCounters(List.of("site", "blog"))
                        .build()));
        app.synth();
    }

    @Test
    void cfn_lint_finds_nothing_but_the_cdks_own_habit() throws Exception {
        // W3005: a dependency that is there twice.
        Tools.Result lint = Tools.run("cfn-lint", "--ignore-checks", "W3005", "--", synthesised.toString())
                .orElseGet(
                        () -> abort(
                                "cfn-lint is not installed (pip install cfn-lint), so the synthesised template is not checked"));
        assertThat(lint.status()).as(lint.output()).isZero();
    }

    /** The library rejects unknown variables. What CloudFormation fills in is replaced by a name. */
    @Test
    void every_function_starts_with_the_librarys_defaults() {
        Set<Setting<?>> ownValues = Set.of(
                Setting.CONNECTIONS_TABLE,
                Setting.COUNTERS_TABLE,
                Setting.CALLBACK_URL,
                Setting.ALLOWED_ORIGINS,
                Setting.ALLOWED_COUNTERS,
                Setting.COUNTER_INDEX,
                Setting.BROADCAST_FUNCTION,
                Setting.METRICS_NAMESPACE);
        Map<String, Map<String, Object>> functions = template.resources(FUNCTION);
        functions.remove("PagePublishFunction");
        assertThat(functions).hasSize(6).allSatisfy((name, function) -> {
            VisitorCounterConfig config = config(environment(function));
            assertThat(Setting.all())
                    .filteredOn(setting -> !ownValues.contains(setting))
                    .allSatisfy(setting -> assertThat((Object) config.find(setting))
                            .isEqualTo(VisitorCounterConfig.builder().build().find(setting)));
        });
    }

    @Test
    void every_function_finds_its_tables_and_whom_it_calls() {
        Map<String, String> tables = Map.of(
                Setting.CONNECTIONS_TABLE.variable(), "${ConnectionIDs}",
                Setting.COUNTERS_TABLE.variable(), "${VisitorCount}");
        Map<String, Map<String, Object>> functions = template.resources(FUNCTION);
        assertThat(environment(functions.get("ConnectFunction")))
                .containsAllEntriesOf(tables)
                .containsEntry(Setting.ALLOWED_COUNTERS.variable(), "site,blog")
                .containsEntry(
                        Setting.ALLOWED_ORIGINS.variable(),
                        "https://${PageDistribution.DomainName},https://www.example.org");
        assertThat(environment(functions.get("MessageFunction")))
                .hasSize(4)
                .containsAllEntriesOf(tables)
                .containsEntry(Setting.MESSAGE_FORMAT.variable(), "exact")
                .containsEntry(Setting.SITE_COUNTER.variable(), "");
        assertThat(environment(functions.get("ReconcileFunction"))).containsAllEntriesOf(tables);
        assertThat(environment(functions.get("DisconnectFunction")))
                .containsAllEntriesOf(tables)
                .containsEntry(Setting.BROADCAST_FUNCTION.variable(), "${BroadcastLive}");
        assertThat(environment(functions.get("BroadcastFunction")))
                .containsAllEntriesOf(tables)
                .containsEntry(
                        Setting.CALLBACK_URL.variable(),
                        "https://${SocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/prod")
                .containsEntry(Setting.BROADCAST_MESSAGES_PER_SECOND.variable(), "100");
    }

    @Test
    void every_handler_is_a_class_of_the_library() {
        Map<String, Map<String, Object>> functions = template.resources(FUNCTION);
        assertThat(properties(functions.remove("PagePublishFunction"))).containsEntry("Handler", "publish.handler");
        assertThat(functions).hasSize(6).allSatisfy((name, function) -> {
            String handler = (String) properties(function).get("Handler");
            assertThat(VisitorCounterConfig.class.getResource("/" + handler.replace('.', '/') + ".class"))
                    .as("the class %s", handler)
                    .isNotNull();
        });
    }

    @Test
    void every_caller_names_the_alias_which_has_the_snapshots() {
        Map<String, Map<String, Object>> functions = template.resources(FUNCTION);
        functions.remove("PagePublishFunction");
        assertThat(functions).hasSize(6).allSatisfy((name, function) -> assertThat(properties(function))
                .containsEntry("SnapStart", Map.of("ApplyOn", "PublishedVersions")));
        Set<String> targets = new TreeSet<>();
        template.resources("AWS::ApiGatewayV2::Integration").values().forEach(integration -> {
            if (properties(integration).get("IntegrationUri") instanceof Map<?, ?> uri) {
                targets.add(text(uri).replaceAll(".*/functions/(.*)/invocations", "$1"));
            }
        });
        assertThat(targets).containsExactly("${ConnectLive}", "${DisconnectLive}", "${MessageLive}");
        Map<String, String> readers = new TreeMap<>();
        template.resources("AWS::Lambda::EventSourceMapping")
                .forEach((name, mapping) ->
                        readers.put(name, text(properties(mapping).get("FunctionName"))));
        assertThat(readers).isEqualTo(Map.of("BroadcastChanges", "${BroadcastLive}", "WakeUpWakeUps", "${WakeUpLive}"));
    }

    @Test
    void every_permission_is_for_one_caller() {
        List<String> callers = template.resources("AWS::Lambda::Permission").values().stream()
                .map(permission -> text(properties(permission).get("SourceArn")) + " invokes "
                        + text(properties(permission).get("FunctionName")))
                .toList();
        String api = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${SocketApi}";
        assertThat(callers)
                .containsExactlyInAnyOrder(
                        api + "/prod/$connect invokes ${ConnectLive}",
                        api + "/prod/$disconnect invokes ${DisconnectLive}",
                        api + "/prod/count invokes ${MessageLive}",
                        api + "/prod/$default invokes ${MessageLive}",
                        "${ReconcileSchedule.Arn} invokes ${ReconcileLive}",
                        "${KeepAliveSchedule.Arn} invokes ${ConnectLive}",
                        "${KeepAliveSchedule.Arn} invokes ${DisconnectLive}",
                        "${KeepAliveSchedule.Arn} invokes ${BroadcastLive}",
                        "${KeepAliveSchedule.Arn} invokes ${WakeUpLive}",
                        "${KeepAliveSchedule.Arn} invokes ${MessageLive}");
    }

    private static boolean isRemoval(String line) {
        return line.startsWith("dynamodb:DeleteItem") || line.equals("dynamodb:BatchGetItem on ${ConnectionIDs.Arn}");
    }

    @Test
    void every_function_may_do_what_its_handler_does() {
        assertThat(allowed("ConnectFunction"))
                .containsExactlyInAnyOrder(
                        "dynamodb:PutItem on ${ConnectionIDs.Arn}",
                        "dynamodb:GetItem on ${VisitorCount.Arn}",
                        "dynamodb:BatchGetItem on ${VisitorCount.Arn}",
                        "dynamodb:UpdateItem on ${VisitorCount.Arn}",
                        "logs:CreateLogStream on ${ConnectLogs.Arn}",
                        "logs:PutLogEvents on ${ConnectLogs.Arn}");
        assertThat(allowed("DisconnectFunction"))
                .containsExactlyInAnyOrder(
                        "dynamodb:BatchGetItem on ${ConnectionIDs.Arn}",
                        "dynamodb:DeleteItem on ${ConnectionIDs.Arn}",
                        "dynamodb:GetItem on ${VisitorCount.Arn}",
                        "dynamodb:UpdateItem on ${VisitorCount.Arn}",
                        "lambda:InvokeFunction on ${BroadcastLive}",
                        "logs:CreateLogStream on ${DisconnectLogs.Arn}",
                        "logs:PutLogEvents on ${DisconnectLogs.Arn}");
        assertThat(allowed("WakeUpFunction"))
                .contains(
                        "dynamodb:BatchGetItem on ${ConnectionIDs.Arn}",
                        "dynamodb:DeleteItem on ${ConnectionIDs.Arn}",
                        "dynamodb:DeleteItem on ${VisitorCount.Arn}");
        for (String name : List.of("Broadcast", "WakeUp")) {
            assertThat(allowed(name + "Function").stream().filter(line -> name.equals("Broadcast") || !isRemoval(line)))
                    .containsExactlyInAnyOrder(
                            "dynamodb:Query on ${ConnectionIDs.Arn}/index/byCounter",
                            "dynamodb:Scan on ${ConnectionIDs.Arn}",
                            "dynamodb:GetItem on ${VisitorCount.Arn}",
                            "dynamodb:BatchGetItem on ${VisitorCount.Arn}",
                            "dynamodb:PutItem on ${VisitorCount.Arn}",
                            "dynamodb:UpdateItem on ${VisitorCount.Arn}",
                            "execute-api:ManageConnections on arn:${AWS::Partition}:execute-api:${AWS::Region}"
                                    + ":${AWS::AccountId}:${SocketApi}/prod/POST/@connections/*",
                            "dynamodb:DescribeStream on ${VisitorCount.StreamArn}",
                            "dynamodb:GetRecords on ${VisitorCount.StreamArn}",
                            "dynamodb:GetShardIterator on ${VisitorCount.StreamArn}",
                            "dynamodb:ListStreams on ${VisitorCount.Arn}/stream/*",
                            "lambda:InvokeFunction on ${" + name + "Live}",
                            "sqs:SendMessage on ${DeadLetterQueue.Arn}",
                            "logs:CreateLogStream on ${" + name + "Logs.Arn}",
                            "logs:PutLogEvents on ${" + name + "Logs.Arn}");
        }
        assertThat(allowed("MessageFunction"))
                .containsExactlyInAnyOrder(
                        "dynamodb:GetItem on ${ConnectionIDs.Arn}",
                        "dynamodb:GetItem on ${VisitorCount.Arn}",
                        "dynamodb:BatchGetItem on ${VisitorCount.Arn}",
                        "logs:CreateLogStream on ${MessageLogs.Arn}",
                        "logs:PutLogEvents on ${MessageLogs.Arn}");
        assertThat(allowed("ReconcileFunction"))
                .containsExactlyInAnyOrder(
                        "dynamodb:Scan on ${ConnectionIDs.Arn}",
                        "dynamodb:BatchGetItem on ${ConnectionIDs.Arn}",
                        "dynamodb:DeleteItem on ${ConnectionIDs.Arn}",
                        "dynamodb:Scan on ${VisitorCount.Arn}",
                        "dynamodb:BatchGetItem on ${VisitorCount.Arn}",
                        "dynamodb:GetItem on ${VisitorCount.Arn}",
                        "dynamodb:PutItem on ${VisitorCount.Arn}",
                        "dynamodb:UpdateItem on ${VisitorCount.Arn}",
                        "dynamodb:DeleteItem on ${VisitorCount.Arn}",
                        "execute-api:ManageConnections on arn:${AWS::Partition}:execute-api:${AWS::Region}"
                                + ":${AWS::AccountId}:${SocketApi}/prod/GET/@connections/*",
                        "sqs:SendMessage on ${DeadLetterQueue.Arn}",
                        "logs:CreateLogStream on ${ReconcileLogs.Arn}",
                        "logs:PutLogEvents on ${ReconcileLogs.Arn}");
        assertThat(allowed("PagePublishFunction"))
                .containsExactlyInAnyOrder(
                        "s3:PutObject on ${PageBucket.Arn}/*",
                        "s3:DeleteObject on ${PageBucket.Arn}/*",
                        "s3:ListBucket on ${PageBucket.Arn}",
                        "logs:CreateLogStream on ${PagePublishLogs.Arn}",
                        "logs:PutLogEvents on ${PagePublishLogs.Arn}");
    }

    @Test
    void no_role_has_more_than_these_policies() {
        assertThat(template.resources("AWS::IAM::Policy")).containsOnlyKeys("BroadcastSelfInvoke", "WakeUpSelfInvoke");
        assertThat(template.resources("AWS::IAM::ManagedPolicy")).isEmpty();
        assertThat(template.resources("AWS::IAM::Role")).hasSize(7).allSatisfy((name, role) -> assertThat(
                        properties(role))
                .containsOnlyKeys("AssumeRolePolicyDocument", "Policies"));
    }

    @Test
    void the_stream_is_read_as_the_handler_needs_it() {
        Map<String, Map<String, Object>> mappings = template.resources("AWS::Lambda::EventSourceMapping");
        assertThat(mappings.values())
                .as("the readers of the stream, which serves two")
                .hasSize(2)
                .allSatisfy(mapping -> assertThat(properties(mapping))
                        .containsEntry("BatchSize", 1000)
                        .containsEntry("BisectBatchOnFunctionError", true)
                        .containsEntry("FunctionResponseTypes", List.of("ReportBatchItemFailures"))
                        .containsEntry("MaximumRecordAgeInSeconds", 60)
                        .containsEntry("MaximumRetryAttempts", 5)
                        .containsEntry("ParallelizationFactor", 1)
                        .containsEntry("StartingPosition", "TRIM_HORIZON")
                        .hasEntrySatisfying(
                                "EventSourceArn", arn -> assertThat(text(arn)).isEqualTo("${VisitorCount.StreamArn}")));
        assertThat(properties(mappings.get("BroadcastChanges")))
                .containsEntry("MaximumBatchingWindowInSeconds", 0)
                .containsEntry(
                        "FilterCriteria",
                        filter(
                                "{\"dynamodb\":{\"NewImage\":{\"lastChange\":{\"S\":[{\"anything-but\":[\"DISCONNECT\"]}]}}}}"));
        assertThat(properties(mappings.get("WakeUpWakeUps")))
                .containsEntry("MaximumBatchingWindowInSeconds", 1)
                .containsEntry(
                        "FilterCriteria",
                        filter("{\"eventName\":[\"INSERT\",\"MODIFY\"],"
                                + "\"dynamodb\":{\"NewImage\":{\"counterId\":{\"S\":[{\"prefix\":\"wake#\"}]}}}}"));
    }

    private static Map<String, Object> filter(String pattern) {
        return Map.of("Filters", List.of(Map.of("Pattern", pattern)));
    }

    @Test
    void connections_expire_and_totals_stay() {
        Map<String, Map<String, Object>> tables = template.resources("AWS::DynamoDB::Table");
        assertThat(tables.get("ConnectionIDs")).containsEntry("DeletionPolicy", "Delete");
        assertThat(properties(tables.get("ConnectionIDs")))
                .containsEntry("TimeToLiveSpecification", Map.of("AttributeName", "expiresAt", "Enabled", true))
                .containsEntry("KeySchema", List.of(Map.of("AttributeName", "connectionId", "KeyType", "HASH")));
        assertThat(tables.get("VisitorCount"))
                .containsEntry("DeletionPolicy", "Retain")
                .containsEntry("UpdateReplacePolicy", "Retain");
        assertThat(properties(tables.get("VisitorCount")))
                .containsEntry("StreamSpecification", Map.of("StreamViewType", "NEW_IMAGE"))
                .containsEntry("KeySchema", List.of(Map.of("AttributeName", "counterId", "KeyType", "HASH")));
    }

    @Test
    void the_stage_is_deployed_after_its_routes() {
        Map<String, Object> stage =
                template.resources("AWS::ApiGatewayV2::Stage").get("SocketStage");
        assertThat(properties(stage)).containsEntry("StageName", "prod").containsEntry("AutoDeploy", true);
        assertThat(list(stage.get("DependsOn"))).hasSize(9);
    }

    private static Map<String, String> environment(Map<String, Object> function) {
        Map<String, String> variables = new TreeMap<>();
        Object environment = properties(function).getOrDefault("Environment", Map.of("Variables", Map.of()));
        object(object(environment).get("Variables")).forEach((name, value) -> variables.put(name, text(value)));
        return variables;
    }

    /** What a function's role allows, as "action on resource". */
    private static List<String> allowed(String function) {
        String role = text(properties(template.resources(FUNCTION).get(function))
                        .get("Role"))
                .replaceAll("\\$\\{(.*)\\.Arn}", "$1");
        List<Object> policies = new ArrayList<>(
                list(properties(template.resources("AWS::IAM::Role").get(role)).get("Policies")));
        template.resources("AWS::IAM::Policy").values().forEach(policy -> {
            if (text(list(properties(policy).get("Roles")).get(0)).equals("${" + role + "}")) {
                policies.add(properties(policy));
            }
        });
        List<String> allowed = new ArrayList<>();
        for (Object policy : policies) {
            for (Object statement :
                    list(object(object(policy).get("PolicyDocument")).get("Statement"))) {
                assertThat(object(statement))
                        .containsOnlyKeys("Effect", "Action", "Resource")
                        .containsEntry("Effect", "Allow");
                for (Object action : list(object(statement).get("Action"))) {
                    for (Object resource : list(object(statement).get("Resource"))) {
                        allowed.add(action + " on " + text(resource));
                    }
                }
            }
        }
        return allowed;
    }

    private static VisitorCounterConfig config(Map<String, String> environment) {
        environment.replaceAll((variable, value) -> Pattern.compile("\\$\\{([^}]+)}")
                .matcher(value)
                .replaceAll(
                        reference -> reference.group(1).replaceAll("[.:]", "").toLowerCase(Locale.ROOT)));
        return VisitorCounterConfig.builder().environment(environment).build();
    }
}
