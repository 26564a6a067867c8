package io.github.visitorcounter.examples.sam;

import io.github.visitorcounter.Setting;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/** The template as it is written, and what it makes with its defaults and with everything switched on. */
class TemplateTest {

    private static final String FUNCTION = "AWS::Lambda::Function";
    private static final String LIBRARY = "io.github.visitorcounter.";

    /** Those that count visitors in or out, and must do it alike. */
    private static final List<String> COUNTING = List.of(
            "ConnectFunction", "DisconnectFunction", "BroadcastFunction", "WakeUpFunction", "ReconcileFunction");

    /** Those that broadcast, and must do it alike. */
    private static final List<String> BROADCASTING = List.of("BroadcastFunction", "WakeUpFunction");

    /** Exactly this: what is missing here fails, and what is spare too. */
    private static final String PERMISSIONS = """
            ConnectRole: dynamodb:PutItem on ${ConnectionIDs.Arn}
            ConnectRole: dynamodb:GetItem on ${VisitorCount.Arn}
            ConnectRole: dynamodb:BatchGetItem on ${VisitorCount.Arn}
            ConnectRole: dynamodb:UpdateItem on ${VisitorCount.Arn}
            ConnectRole: logs:CreateLogStream on ${ConnectLogs.Arn}
            ConnectRole: logs:PutLogEvents on ${ConnectLogs.Arn}
            DisconnectRole: dynamodb:BatchGetItem on ${ConnectionIDs.Arn}
            DisconnectRole: dynamodb:DeleteItem on ${ConnectionIDs.Arn}
            DisconnectRole: dynamodb:GetItem on ${VisitorCount.Arn}
            DisconnectRole: dynamodb:UpdateItem on ${VisitorCount.Arn}
            DisconnectRole: lambda:InvokeFunction on ${BroadcastFunction.Alias}
            DisconnectRole: logs:CreateLogStream on ${DisconnectLogs.Arn}
            DisconnectRole: logs:PutLogEvents on ${DisconnectLogs.Arn}
            BroadcastRole: dynamodb:Scan on ${ConnectionIDs.Arn}
            BroadcastRole: dynamodb:Query on ${ConnectionIDs.Arn}/index/byCounter
            BroadcastRole: dynamodb:GetItem on ${VisitorCount.Arn}
            BroadcastRole: dynamodb:PutItem on ${VisitorCount.Arn}
            BroadcastRole: dynamodb:UpdateItem on ${VisitorCount.Arn}
            BroadcastRole: dynamodb:BatchGetItem on ${VisitorCount.Arn}
            BroadcastRole: execute-api:ManageConnections on ${connections}
            BroadcastRole: lambda:InvokeFunction on ${BroadcastFunction.Alias}
            BroadcastRole: dynamodb:DescribeStream on ${VisitorCount.StreamArn}
            BroadcastRole: dynamodb:GetRecords on ${VisitorCount.StreamArn}
            BroadcastRole: dynamodb:GetShardIterator on ${VisitorCount.StreamArn}
            BroadcastRole: dynamodb:ListStreams on ${VisitorCount.Arn}/stream/*
            BroadcastRole: sqs:SendMessage on ${DeadLetterQueue.Arn}
            BroadcastRole: logs:CreateLogStream on ${BroadcastLogs.Arn}
            BroadcastRole: logs:PutLogEvents on ${BroadcastLogs.Arn}
            WakeUpRole: dynamodb:Scan on ${ConnectionIDs.Arn}
            WakeUpRole: dynamodb:Query on ${ConnectionIDs.Arn}/index/byCounter
            WakeUpRole: dynamodb:BatchGetItem on ${ConnectionIDs.Arn}
            WakeUpRole: dynamodb:DeleteItem on ${ConnectionIDs.Arn}
            WakeUpRole: dynamodb:GetItem on ${VisitorCount.Arn}
            WakeUpRole: dynamodb:PutItem on ${VisitorCount.Arn}
            WakeUpRole: dynamodb:UpdateItem on ${VisitorCount.Arn}
            WakeUpRole: dynamodb:DeleteItem on ${VisitorCount.Arn}
            WakeUpRole: dynamodb:BatchGetItem on ${VisitorCount.Arn}
            WakeUpRole: execute-api:ManageConnections on ${connections}
            WakeUpRole: lambda:InvokeFunction on ${WakeUpFunction.Alias}
            WakeUpRole: dynamodb:DescribeStream on ${VisitorCount.StreamArn}
            WakeUpRole: dynamodb:GetRecords on ${VisitorCount.StreamArn}
            WakeUpRole: dynamodb:GetShardIterator on ${VisitorCount.StreamArn}
            WakeUpRole: dynamodb:ListStreams on ${VisitorCount.Arn}/stream/*
            WakeUpRole: sqs:SendMessage on ${DeadLetterQueue.Arn}
            WakeUpRole: logs:CreateLogStream on ${WakeUpLogs.Arn}
            WakeUpRole: logs:PutLogEvents on ${WakeUpLogs.Arn}
            MessageRole: dynamodb:GetItem on ${ConnectionIDs.Arn}
            MessageRole: dynamodb:GetItem on ${VisitorCount.Arn}
            MessageRole: dynamodb:BatchGetItem on ${VisitorCount.Arn}
            MessageRole: logs:CreateLogStream on ${MessageLogs.Arn}
            MessageRole: logs:PutLogEvents on ${MessageLogs.Arn}
            ReconcileRole: dynamodb:Scan on ${ConnectionIDs.Arn}
            ReconcileRole: dynamodb:BatchGetItem on ${ConnectionIDs.Arn}
            ReconcileRole: dynamodb:DeleteItem on ${ConnectionIDs.Arn}
            ReconcileRole: dynamodb:Scan on ${VisitorCount.Arn}
            ReconcileRole: dynamodb:BatchGetItem on ${VisitorCount.Arn}
            ReconcileRole: dynamodb:GetItem on ${VisitorCount.Arn}
            ReconcileRole: dynamodb:PutItem on ${VisitorCount.Arn}
            ReconcileRole: dynamodb:UpdateItem on ${VisitorCount.Arn}
            ReconcileRole: dynamodb:DeleteItem on ${VisitorCount.Arn}
            ReconcileRole: execute-api:ManageConnections on ${probes}
            ReconcileRole: sqs:SendMessage on ${DeadLetterQueue.Arn}
            ReconcileRole: logs:CreateLogStream on ${ReconcileLogs.Arn}
            ReconcileRole: logs:PutLogEvents on ${ReconcileLogs.Arn}
            PublishRole: s3:PutObject on ${PageBucket.Arn}/*
            PublishRole: s3:DeleteObject on ${PageBucket.Arn}/*
            PublishRole: s3:ListBucket on ${PageBucket.Arn}
            PublishRole: logs:CreateLogStream on ${PublishLogs.Arn}
            PublishRole: logs:PutLogEvents on ${PublishLogs.Arn}
            """.replace("${connections}", "${stage}/POST/@connections/*")
            .replace("${probes}", "${stage}/GET/@connections/*")
            .replace("${stage}", "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/prod");

    private static Map<String, Object> template;
    private static Deployment defaults;
    private static Deployment everything;

    @BeforeAll
    static void read_the_template() throws IOException {
        template = SamTransform.apply(SamTemplate.read(Path.of("template.yaml")));
        defaults = deployed(Map.of());
        everything = deployed(Map.ofEntries(
                Map.entry("AllowedOrigins", "https://www.example.org"),
                Map.entry("AllowedCounters", "site,blog"),
                Map.entry("SiteCounter", "all:pages"),
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
                Map.entry("SocketCertificate", "arn:aws:acm:eu-west-1:123456789012:certificate/1")));
    }

    @Test
    void every_handler_can_be_created_by_lambda() {
        assertThat(handlers()).hasSize(6).allSatisfy((function, handler) -> assertThatCode(
                        () -> Class.forName(handler).getConstructor())
                .as("the public no-arg constructor of %s", handler)
                .doesNotThrowAnyException());
    }

    @Test
    void every_caller_names_the_alias_which_has_the_snapshots() {
        for (String function : handlers().keySet()) {
            assertThat(defaults.property(function, "SnapStart", "ApplyOn")).isEqualTo("PublishedVersions");
            assertThat(defaults.property(function + ".Alias", "FunctionVersion"))
                    .isEqualTo("${" + function + ".Version.Version}");
        }
        Map<String, String> targets = new TreeMap<>();
        defaults.resources("AWS::ApiGatewayV2::Route").keySet().forEach(route -> {
            String integration =
                    defaults.property(route, "Target").toString().replaceAll("integrations/\\$\\{(.*)}", "$1");
            if (defaults.property(integration, "IntegrationType").equals("AWS_PROXY")) {
                String uri = (String) defaults.property(integration, "IntegrationUri");
                targets.put(
                        (String) defaults.property(route, "RouteKey"),
                        uri.replaceAll(".*/functions/(.*)/invocations", "$1"));
            }
        });
        assertThat(targets)
                .isEqualTo(Map.of(
                        "$connect", "${ConnectFunction.Alias}",
                        "$disconnect", "${DisconnectFunction.Alias}",
                        "count", "${MessageFunction.Alias}",
                        "$default", "${MessageFunction.Alias}"));
        assertThat(list(defaults.property("ReconcileSchedule", "Targets")))
                .containsExactly(Map.of("Id", "reconcile", "Arn", "${ReconcileFunction.Alias}"));
        assertThat(defaults.property(
                        "DisconnectFunction", "Environment", "Variables", Setting.BROADCAST_FUNCTION.variable()))
                .isEqualTo("${BroadcastFunction.Alias}");
        assertThat(defaults.property("BroadcastFunctionChanges", "FunctionName"))
                .isEqualTo("${BroadcastFunction.Alias}");
        assertThat(defaults.property("WakeUpFunctionWakeUps", "FunctionName")).isEqualTo("${WakeUpFunction.Alias}");
        assertThat(defaults.property("PageFiles", "ServiceToken")).isEqualTo("${PublishFunction.Alias}");
    }

    @Test
    void every_permission_is_for_one_caller() {
        List<String> callers = defaults.resources("AWS::Lambda::Permission").keySet().stream()
                .map(permission -> defaults.property(permission, "SourceArn") + " invokes "
                        + defaults.property(permission, "FunctionName"))
                .toList();
        String api = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}";
        assertThat(callers)
                .containsExactlyInAnyOrder(
                        api + "/prod/$connect invokes ${ConnectFunction.Alias}",
                        api + "/prod/$disconnect invokes ${DisconnectFunction.Alias}",
                        api + "/prod/count invokes ${MessageFunction.Alias}",
                        api + "/prod/$default invokes ${MessageFunction.Alias}",
                        "${ReconcileSchedule.Arn} invokes ${ReconcileFunction.Alias}",
                        "${KeepAliveSchedule.Arn} invokes ${ConnectFunction.Alias}",
                        "${KeepAliveSchedule.Arn} invokes ${DisconnectFunction.Alias}",
                        "${KeepAliveSchedule.Arn} invokes ${BroadcastFunction.Alias}",
                        "${KeepAliveSchedule.Arn} invokes ${WakeUpFunction.Alias}",
                        "${KeepAliveSchedule.Arn} invokes ${MessageFunction.Alias}");
    }

    /** A version with a snapshot that nothing invokes for 14 days becomes inactive. */
    @Test
    void a_schedule_invokes_every_function_that_has_a_snapshot() {
        Set<Object> invoked = new HashSet<>();
        for (String rule : defaults.resources("AWS::Events::Rule").keySet()) {
            List<Object> targets = list(defaults.property(rule, "Targets"));
            assertThat(targets).as("EventBridge's quota").hasSizeLessThanOrEqualTo(5);
            targets.forEach(target -> invoked.add(SamTemplate.object(target).get("Arn")));
        }
        assertThat(invoked)
                .isEqualTo(handlers().keySet().stream()
                        .map(function -> "${" + function + ".Alias}")
                        .collect(Collectors.toSet()));
    }

    @Test
    void messages_of_pages_are_throttled_and_handshakes_are_not() {
        Map<String, Object> routes = SamTemplate.object(defaults.property("Stage", "RouteSettings"));
        assertThat(routes.keySet()).containsExactlyInAnyOrder("ping", "count", "$default");
        // With one of them alone API Gateway takes the other for 0.
        assertThat(routes.values()).allSatisfy(settings -> assertThat(SamTemplate.object(settings))
                .containsOnlyKeys("ThrottlingRateLimit", "ThrottlingBurstLimit"));
        List<Object> routesOfTheStage = list(defaults.resources().get("Stage").get("DependsOn"));
        assertThat(routesOfTheStage).contains("PingRoute", "CountRoute", "DefaultRoute");
    }

    /** Their CloudFront resources don't exist in every partition of AWS. */
    @Test
    void without_a_page_nothing_of_it_is_made() {
        Deployment pageless = deployed(Map.of("Page", "None", "AllowedOrigins", "https://www.example.org"));
        assertThat(settings("ConnectFunction", pageless))
                .containsEntry(Setting.ALLOWED_ORIGINS.variable(), "https://www.example.org");
        assertThat(pageless.outputs()).doesNotContainKey("PageUrl").containsKey("SocketUrl");
        assertThat(pageless.resources().keySet()).noneMatch(id -> id.startsWith("Page") || id.startsWith("Publish"));
        assertThat(pageless.resources().toString()).doesNotContain("CloudFront", "cloudfront", "${Page", "${Publish");
        assertThat(pageless.resources()).hasSizeLessThan(defaults.resources().size());
    }

    @Test
    void a_handshake_has_time_for_a_retry_after_five_seconds() {
        for (String function : List.of("ConnectFunction", "BroadcastFunction", "WakeUpFunction", "ReconcileFunction")) {
            assertThat(settings(function, defaults)).containsEntry(Setting.HANDSHAKE_GRACE.variable(), "20");
        }
    }

    @Test
    void every_function_may_do_what_its_handler_does() {
        assertThat(permissions(defaults))
                .isEqualTo(new TreeSet<>(PERMISSIONS.lines().toList()));
        assertThat(permissions(defaults)).noneMatch(line -> line.endsWith(" on *"));
    }

    /** Otherwise, while a deployment changes Counters, the running version is denied what it reads. */
    @Test
    void no_permission_depends_on_how_many_counters_there_are() {
        assertThat(permissions(deployed(Map.of("AllowedCounters", "site,blog"))))
                .isEqualTo(permissions(defaults));
    }

    @Test
    void many_counters_are_found_by_their_index() {
        for (String function : BROADCASTING) {
            assertThat(settings(function, everything)).containsEntry(Setting.COUNTER_INDEX.variable(), "byCounter");
        }
        assertThat(list(everything.property("ConnectionIDs", "GlobalSecondaryIndexes")))
                .hasSize(1)
                .first()
                .hasToString("{IndexName=byCounter, KeySchema=[{AttributeName=counterId, KeyType=HASH},"
                        + " {AttributeName=connectedAt, KeyType=RANGE}],"
                        + " Projection={ProjectionType=INCLUDE, NonKeyAttributes=[expiresAt, visit]}}");
    }

    @Test
    void tracing_adds_what_x_ray_needs_and_nothing_else() {
        Set<String> added = permissions(deployed(Map.of("Tracing", "Active")));
        added.removeAll(permissions(defaults));
        assertThat(added)
                .containsExactlyInAnyOrder(
                        "ConnectRole: xray:PutTelemetryRecords on *",
                        "ConnectRole: xray:PutTraceSegments on *",
                        "DisconnectRole: xray:PutTelemetryRecords on *",
                        "DisconnectRole: xray:PutTraceSegments on *",
                        "MessageRole: xray:PutTelemetryRecords on *",
                        "MessageRole: xray:PutTraceSegments on *",
                        "ReconcileRole: xray:PutTelemetryRecords on *",
                        "ReconcileRole: xray:PutTraceSegments on *",
                        "BroadcastRole: xray:PutTelemetryRecords on *",
                        "BroadcastRole: xray:PutTraceSegments on *",
                        "WakeUpRole: xray:PutTelemetryRecords on *",
                        "WakeUpRole: xray:PutTraceSegments on *");
    }

    @Test
    void the_count_over_http_only_reads_the_counters() {
        Set<String> added = permissions(deployed(Map.of("HttpCount", "CloudFront")));
        added.removeAll(permissions(defaults));
        assertThat(added)
                .containsExactlyInAnyOrder(
                        "HttpCountRole: dynamodb:GetItem on ${VisitorCount.Arn}",
                        "HttpCountRole: dynamodb:BatchGetItem on ${VisitorCount.Arn}",
                        "HttpCountRole: logs:CreateLogStream on ${HttpCountLogs.Arn}",
                        "HttpCountRole: logs:PutLogEvents on ${HttpCountLogs.Arn}");
    }

    @Test
    void only_cloudfront_may_request_a_count() {
        for (Map<String, String> parameters : List.of(
                Map.of("HttpCount", "CloudFront"),
                Map.of("HttpCount", "CloudFront", "Page", "None", "AllowedOrigins", "https://www.example.org"))) {
            Deployment deployment = deployed(parameters);
            String distribution = parameters.containsKey("Page") ? "HttpCountDistribution" : "PageDistribution";
            String arn = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${" + distribution + "}";
            assertThat(deployment.property("HttpCountUrl"))
                    .isEqualTo(Map.of("AuthType", "AWS_IAM", "TargetFunctionArn", "${HttpCountFunction.Alias}"));
            Set<String> callers = new TreeSet<>();
            deployment.resources("AWS::Lambda::Permission").keySet().stream()
                    .filter(id -> deployment.property(id, "FunctionName").equals("${HttpCountFunction.Alias}"))
                    .forEach(id -> callers.add(deployment.property(id, "Action") + " by "
                            + deployment.property(id, "Principal") + " of " + deployment.property(id, "SourceArn")));
            assertThat(callers)
                    .containsExactlyInAnyOrder(
                            "lambda:InvokeFunctionUrl by cloudfront.amazonaws.com of " + arn,
                            "lambda:InvokeFunction by cloudfront.amazonaws.com of " + arn,
                            "lambda:InvokeFunction by events.amazonaws.com of ${HttpCountKeepAliveSchedule.Arn}");
            assertThat(deployment.outputs())
                    .containsEntry("HttpCountAddress", "https://${" + distribution + ".DomainName}");
        }
    }

    @Test
    void the_count_over_http_is_cached_by_what_the_function_reads() {
        assertThat(everything.property("HttpCountCache", "CachePolicyConfig", "MaxTTL"))
                .isEqualTo("60");
        assertThat(settings("HttpCountFunction", everything))
                .containsEntry(Setting.COUNT_MAX_AGE.variable(), "60")
                .containsEntry(Setting.ALLOWED_ORIGINS.variable(), "https://www.example.org")
                .containsEntry(Setting.ALLOWED_COUNTERS.variable(), "site,blog");
        assertThat(everything.property(
                        "HttpCountCache", "CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin"))
                .isEqualTo(Map.of(
                        "QueryStringsConfig",
                        Map.of(
                                "QueryStringBehavior",
                                "whitelist",
                                "QueryStrings",
                                List.of("counter", "label", "color", "style", "show")),
                        "HeadersConfig",
                        Map.of("HeaderBehavior", "whitelist", "Headers", List.of("Origin")),
                        "CookiesConfig",
                        Map.of("CookieBehavior", "none"),
                        "EnableAcceptEncodingBrotli",
                        "false",
                        "EnableAcceptEncodingGzip",
                        "false"));
        assertThat(everything.property("HttpCountFunction", "ReservedConcurrentExecutions"))
                .isEqualTo("4");
        assertThat(deployed(Map.of("HttpCount", "CloudFront"))
                        .property("HttpCountFunction", "ReservedConcurrentExecutions"))
                .as("a ceiling without any further parameter")
                .isEqualTo("2");
        assertThat(list(everything.property("PageDistribution", "DistributionConfig", "CacheBehaviors")))
                .extracting(behavior -> SamTemplate.object(behavior).get("PathPattern"))
                .containsExactly("/count", "/badge.svg");
        assertThat(everything.property("PageFiles", "Config", "count"))
                .isEqualTo("https://${PageDistribution.DomainName}/count");
        assertThat(everything.resources()).doesNotContainKey("HttpCountDistribution");
    }

    @Test
    void the_stream_is_read_as_the_handler_needs_it() {
        assertThat(defaults.property("VisitorCount", "StreamSpecification", "StreamViewType"))
                .isEqualTo("NEW_IMAGE");
        Map<String, Object> mapping = Map.of(
                "EventSourceArn", "${VisitorCount.StreamArn}",
                "FunctionResponseTypes", List.of("ReportBatchItemFailures"),
                "BisectBatchOnFunctionError", "true",
                "MaximumRetryAttempts", "5",
                "MaximumRecordAgeInSeconds", "60",
                "ParallelizationFactor", "1",
                "StartingPosition", "TRIM_HORIZON");
        for (String source : List.of("BroadcastFunctionChanges", "WakeUpFunctionWakeUps")) {
            mapping.forEach((name, value) -> assertThat(defaults.property(source, name))
                    .as("%s of %s", name, source)
                    .isEqualTo(value));
        }
        assertThat(defaults.property("BroadcastFunctionChanges", "MaximumBatchingWindowInSeconds"))
                .isEqualTo("0");
        assertThat(defaults.property("WakeUpFunctionWakeUps", "MaximumBatchingWindowInSeconds"))
                .isEqualTo("1");
        assertThat(defaults.resources("AWS::Lambda::EventSourceMapping"))
                .as("the readers of the stream, which serves two")
                .hasSize(2);
    }

    @Test
    void wake_ups_are_broadcast_with_the_settings_of_broadcasts() {
        assertThat(settings("WakeUpFunction", defaults)).isEqualTo(settings("BroadcastFunction", defaults));
        assertThat(settings("WakeUpFunction", everything)).isEqualTo(settings("BroadcastFunction", everything));
        assertThat(defaults.property("WakeUpFunction", "MemorySize")).isEqualTo("256");
        assertThat(everything.property("WakeUpFunction", "MemorySize")).isEqualTo("512");
    }

    @Test
    void what_lambda_gives_up_is_kept() {
        for (String source : List.of(
                "BroadcastFunctionChanges",
                "BroadcastFunctionEventInvokeConfig",
                "WakeUpFunctionWakeUps",
                "WakeUpFunctionEventInvokeConfig",
                "ReconcileFunctionEventInvokeConfig")) {
            assertThat(defaults.property(source, "DestinationConfig", "OnFailure", "Destination"))
                    .isEqualTo("${DeadLetterQueue.Arn}");
        }
        for (String function : BROADCASTING) {
            assertThat(defaults.property(function + "EventInvokeConfig", "MaximumRetryAttempts"))
                    .isEqualTo("1");
            assertThat(defaults.property(function + "EventInvokeConfig", "MaximumEventAgeInSeconds"))
                    .isEqualTo("120");
        }
    }

    @Test
    void the_parameters_reach_what_they_are_for() {
        assertThat(settings("ConnectFunction", everything))
                .containsEntry(Setting.ALLOWED_COUNTERS.variable(), "site,blog")
                .containsEntry(
                        Setting.ALLOWED_ORIGINS.variable(),
                        "https://${PageDistribution.DomainName},https://www.example.org")
                .containsEntry(Setting.CONNECTS_PER_IP.variable(), "50")
                .containsEntry(Setting.NEW_COUNTERS_PER_MINUTE.variable(), "600")
                .containsEntry(Setting.MAX_LIVE.variable(), "1000")
                .containsEntry(Setting.WATCHERS.variable(), "true");
        assertThat(settings("MessageFunction", everything)).containsEntry(Setting.SITE_COUNTER.variable(), "all:pages");
        assertThat(settings("ReconcileFunction", everything))
                .containsEntry(Setting.ALLOWED_COUNTERS.variable(), "site,blog")
                .containsEntry(Setting.UNUSED_COUNTER_DAYS.variable(), "90");
        for (String function : COUNTING) {
            assertThat(settings(function, everything))
                    .containsEntry(Setting.COUNTING_MODE.variable(), "visitors")
                    .containsEntry(Setting.SITE_COUNTER.variable(), "all:pages")
                    .containsEntry(Setting.VISIT_TIMEOUT.variable(), "600");
        }
        assertThat(everything.property("ConnectFunction", "ReservedConcurrentExecutions"))
                .isEqualTo("20");
        for (String function : BROADCASTING) {
            assertThat(settings(function, everything))
                    .containsEntry(Setting.BROADCAST_MESSAGES_PER_SECOND.variable(), "7")
                    .containsEntry(Setting.DISCONNECT_DEBOUNCE.variable(), "false")
                    .containsEntry(Setting.ALLOWED_COUNTERS.variable(), "site,blog");
            assertThat(everything.property(function, "ReservedConcurrentExecutions"))
                    .isEqualTo("12");
            assertThat(everything.property(function, "TracingConfig", "Mode")).isEqualTo("Active");
        }
        assertThat(everything.property("WakeUpFunctionWakeUps", "MaximumBatchingWindowInSeconds"))
                .isEqualTo("3");
        assertThat(everything.resources().get("VisitorCount")).containsEntry("DeletionPolicy", "Delete");
        assertThat(everything.resources("AWS::Logs::LogGroup").values())
                .hasSize(8)
                .allSatisfy(logs -> assertThat(logs).containsEntry("Properties", Map.of("RetentionInDays", "30")));
        assertThat(everything.resources("AWS::CloudWatch::Alarm").keySet())
                .hasSize(9)
                .allSatisfy(alarm -> assertThat(everything.property(alarm, "AlarmActions"))
                        .isEqualTo(List.of("arn:aws:sns:eu-west-1:123456789012:alarms")));
        assertThat(everything.property("PageFiles", "Config", "websocket")).isEqualTo("wss://counter.example.com");
        assertThat(everything.property("SocketDomainMapping", "Stage")).isEqualTo("${Stage}");
    }

    @Test
    void without_parameters_nothing_optional_is_made() {
        assertThat(defaults.resources().get("VisitorCount")).containsEntry("DeletionPolicy", "Retain");
        assertThat(settings("ConnectFunction", defaults))
                .containsEntry(Setting.ALLOWED_ORIGINS.variable(), "https://${PageDistribution.DomainName}");
        assertThat(settings("BroadcastFunction", defaults)).doesNotContainKey(Setting.COUNTER_INDEX.variable());
        assertThat(defaults.property("ConnectionIDs").toString()).doesNotContain("GlobalSecondaryIndexes");
        assertThat(defaults.resources()).doesNotContainKeys("TracingPolicy", "SocketDomainName", "SocketDomainMapping");
        assertThat(defaults.resources().toString()).doesNotContain("HttpCount", "httpCount");
        assertThat(defaults.outputs().keySet()).doesNotContain("HttpCountAddress");
        assertThat(defaults.resources("AWS::CloudWatch::Alarm").toString()).doesNotContain("AlarmActions");
        assertThat(defaults.property("PageFiles", "Config", "websocket"))
                .isEqualTo("wss://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/prod");
    }

    @Test
    void the_page_may_connect_to_the_socket_and_nowhere_else() {
        assertThat(contentSecurityPolicy(defaults))
                .contains("default-src 'none'", "script-src 'self'")
                .contains("connect-src 'self' wss://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}")
                .noneMatch(directive -> directive.contains("unsafe") || directive.contains("*"));
        assertThat(contentSecurityPolicy(everything)).contains("connect-src 'self' wss://counter.example.com");
    }

    private static List<String> contentSecurityPolicy(Deployment deployment) {
        String policy = (String) deployment.property(
                "PageHeaders",
                "ResponseHeadersPolicyConfig",
                "SecurityHeadersConfig",
                "ContentSecurityPolicy",
                "ContentSecurityPolicy");
        return List.of(policy.strip().split("; *"));
    }

    private static Map<String, Object> settings(String function, Deployment deployment) {
        return SamTemplate.object(deployment.property(function, "Environment", "Variables"));
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object node) {
        return (List<Object>) node;
    }

    private static Deployment deployed(Map<String, String> parameters) {
        return Deployment.of(template, parameters, name -> name);
    }

    /** The library's handlers, by function. */
    private static Map<String, String> handlers() {
        Map<String, String> handlers = new TreeMap<>();
        defaults.resources(FUNCTION).keySet().forEach(function -> {
            String handler = (String) defaults.property(function, "Handler");
            if (handler.startsWith(LIBRARY)) {
                handlers.put(function, handler);
            }
        });
        return handlers;
    }

    private static Set<String> permissions(Deployment deployment) {
        Set<String> lines = new TreeSet<>();
        deployment.resources("AWS::IAM::Role").keySet().forEach(role -> deployment
                .allowed(role)
                .forEach(allowed -> lines.add(role + ": " + allowed)));
        return lines;
    }
}
