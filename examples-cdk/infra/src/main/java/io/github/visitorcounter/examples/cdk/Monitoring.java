package io.github.visitorcounter.examples.cdk;

import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm.DimensionProperty;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm.MetricDataQueryProperty;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm.MetricProperty;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm.MetricStatProperty;
import software.amazon.awscdk.services.cloudwatch.CfnDashboard;
import software.amazon.awscdk.services.lambda.Function;
import software.constructs.Construct;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The alarms and the dashboard. */
final class Monitoring extends Construct {

    private final Map<String, Function> functions;
    private final Optional<Function> httpCount;
    private final String namespace;
    private final Optional<String> topicArn;

    /**
     * Starts with nothing.
     *
     * @param functions by the names that the dashboard has for them
     * @param httpCount the function that answers counts over HTTP
     * @param namespace of the library's metrics
     * @param topicArn where alarms are sent
     */
    Monitoring(
            Construct scope,
            String id,
            Map<String, Function> functions,
            Optional<Function> httpCount,
            String namespace,
            Optional<String> topicArn) {
        super(scope, id);
        this.functions = Map.copyOf(functions);
        this.httpCount = httpCount;
        this.namespace = namespace;
        this.topicArn = topicArn;
    }

    void alarms(String undeliveredQueue) {
        Map<String, Function> all = always();
        httpCount.ifPresent(function -> all.put("HttpCount", function));
        sumOfFunctions(
                "Errors",
                "Five or more invocations failed within five minutes; see the functions' logs. Lambda retries them for a minute"
                        + " or two.",
                // Lambda retries single errors.
                "GreaterThanOrEqualToThreshold",
                5,
                all);
        sumOfFunctions(
                "Throttles",
                "Lambda throttled invocations. Handshakes fail, or broadcasts are late. Raise the account's concurrency,"
                        + " ConnectConcurrency or BroadcastConcurrency.",
                "GreaterThanThreshold",
                0,
                // Without the count over HTTP: throttling is what its concurrency is for.
                always());
        httpCount.ifPresent(this::httpCountThrottles);
        alarm(
                        "RejectedConnectionsAlarm",
                        "Handshakes were rejected with 503 because DynamoDB did not accept their transactions in time. Lambda does not"
                                + " count these as errors.")
                .namespace(namespace)
                .metricName("RejectedConnections")
                .dimensions(List.of(dimension("reason", "unavailable")))
                .statistic("Sum")
                .period(300)
                .evaluationPeriods(1)
                .comparisonOperator("GreaterThanOrEqualToThreshold")
                // The element retries.
                .threshold(5)
                .build();
        age(
                "IteratorAgeAlarm",
                "Broadcast",
                "Changes are waiting in the stream. After a minute they are discarded, and pages show an old count until the next"
                        + " change.");
        age(
                "WakeUpAgeAlarm",
                "WakeUp",
                "Wake-ups are waiting in the stream. After a minute they are discarded, and broadcasts are late.");
        alarm(
                        "FailedPostsAlarm",
                        "Posts to open connections have been failing for five minutes; see the log of the broadcast function.")
                .comparisonOperator("GreaterThanThreshold")
                .threshold(0)
                // Posts that fail in one minute are retried in the next.
                .evaluationPeriods(5)
                // The sum over all values of the dimension counter.
                .metrics(List.of(MetricDataQueryProperty.builder()
                        .id("failed")
                        .expression("SELECT SUM(Failed) FROM SCHEMA(\"" + namespace + "\", counter)")
                        .period(60)
                        .label("Failed posts")
                        .build()))
                .build();
        alarm(
                        "IncompleteReconcileAlarm",
                        "Three reconciles in a row did not finish, so counters may stay wrong. Give the reconcile function more"
                                + " memory or time.")
                .namespace(namespace)
                .metricName("Incomplete")
                .statistic("Sum")
                .period(300)
                .evaluationPeriods(3)
                .comparisonOperator("GreaterThanThreshold")
                .threshold(0)
                .build();
        alarm(
                        "UndeliveredAlarm",
                        "Lambda discarded changes, broadcasts or reconciles; see the messages of the queue DeadLetterQueue.")
                .namespace("AWS/SQS")
                .metricName("ApproximateNumberOfMessagesVisible")
                .dimensions(List.of(dimension("QueueName", undeliveredQueue)))
                .statistic("Maximum")
                .period(300)
                .evaluationPeriods(1)
                .comparisonOperator("GreaterThanThreshold")
                .threshold(0)
                .build();
    }

    void dashboard(int broadcastMessagesPerSecond) {
        Stack stack = Stack.of(this);
        Map<String, String> variables = new TreeMap<>();
        variables.put("Namespace", namespace);
        variables.put("Region", stack.getRegion());
        variables.put("BroadcastMessagesPerSecond", Integer.toString(broadcastMessagesPerSecond));
        functions.forEach((name, function) -> variables.put(name, function.getFunctionName()));
        CfnDashboard.Builder.create(this, "Dashboard")
                .dashboardName(stack.getStackName())
                .dashboardBody(Fn.sub(dashboardBody(), variables))
                .build();
    }

    private void age(String id, String function, String description) {
        alarm(id, description)
                .namespace("AWS/Lambda")
                .metricName("IteratorAge")
                .dimensions(List.of(
                        dimension("FunctionName", functions.get(function).getFunctionName())))
                .statistic("Maximum")
                .period(60)
                .evaluationPeriods(1)
                .comparisonOperator("GreaterThanThreshold")
                .threshold(30_000)
                .build();
    }

    private void sumOfFunctions(
            String metric, String description, String comparison, int threshold, Map<String, Function> summed) {
        List<MetricDataQueryProperty> metrics = new ArrayList<>();
        metrics.add(MetricDataQueryProperty.builder()
                .id("all")
                .expression(summed.keySet().stream().map(Monitoring::metricId).collect(Collectors.joining(" + ")))
                .label(metric)
                .build());
        summed.forEach((name, function) -> metrics.add(MetricDataQueryProperty.builder()
                .id(metricId(name))
                .returnData(false)
                .metricStat(MetricStatProperty.builder()
                        .metric(MetricProperty.builder()
                                .namespace("AWS/Lambda")
                                .metricName(metric)
                                .dimensions(List.of(dimension("FunctionName", function.getFunctionName())))
                                .build())
                        .period(300)
                        .stat("Sum")
                        .build())
                .build()));
        alarm(metric + "Alarm", description)
                .comparisonOperator(comparison)
                .threshold(threshold)
                .evaluationPeriods(1)
                .metrics(metrics)
                .build();
    }

    private static String metricId(String function) {
        return function.substring(0, 1).toLowerCase(Locale.ROOT) + function.substring(1);
    }

    /** The functions that every stack has, in the order of the template. */
    private Map<String, Function> always() {
        Map<String, Function> always = new LinkedHashMap<>();
        List.of("Connect", "Disconnect", "Broadcast", "WakeUp", "Message", "Reconcile")
                .forEach(name -> always.put(name, functions.get(name)));
        return always;
    }

    private void httpCountThrottles(Function function) {
        alarm(
                        "HttpCountThrottlesAlarm",
                        "Requests for a count over HTTP were answered with 429 for 15 minutes. Somebody requests counts that are not"
                                + " in the cache, or HttpCountConcurrency or HttpCountMaxAgeSeconds is too small. WebSockets are not"
                                + " affected.")
                .namespace("AWS/Lambda")
                .metricName("Throttles")
                .dimensions(List.of(dimension("FunctionName", function.getFunctionName())))
                .statistic("Sum")
                .period(300)
                .evaluationPeriods(3)
                .comparisonOperator("GreaterThanThreshold")
                .threshold(0)
                .build();
    }

    private CfnAlarm.Builder alarm(String id, String description) {
        CfnAlarm.Builder alarm =
                CfnAlarm.Builder.create(this, id).alarmDescription(description).treatMissingData("notBreaching");
        topicArn.ifPresent(topic -> alarm.alarmActions(List.of(topic)));
        return alarm;
    }

    private static DimensionProperty dimension(String name, String value) {
        return DimensionProperty.builder().name(name).value(value).build();
    }

    private static String dashboardBody() {
        try (InputStream body = Monitoring.class.getResourceAsStream("dashboard.json")) {
            return new String(Objects.requireNonNull(body, "dashboard.json").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
