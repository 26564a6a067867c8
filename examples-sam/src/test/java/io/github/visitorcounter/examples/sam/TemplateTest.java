package io.github.visitorcounter.examples.sam;

import io.github.visitorcounter.VisitorCounterConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import static io.github.visitorcounter.examples.sam.SamTemplate.list;
import static io.github.visitorcounter.examples.sam.SamTemplate.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class TemplateTest {

    private static final String FUNCTION = "AWS::Serverless::Function";

    private static SamTemplate template;

    @BeforeAll
    static void read_the_template() throws IOException {
        template = SamTemplate.read(Path.of("template.yaml"));
    }

    @Test
    void every_environment_name_is_a_setting_of_the_library() throws IllegalAccessException {
        Set<String> names = new TreeSet<>(
                object(template.functionGlobal("Environment", "Variables")).keySet());
        for (String function : template.resources(FUNCTION).keySet()) {
            names.addAll(object(template.property(function, "Environment", "Variables"))
                    .keySet());
        }
        assertThat(settings()).containsAll(names);
    }

    @Test
    void every_handler_can_be_created_by_lambda() {
        assertThat(template.resources(FUNCTION)).hasSize(3);
        for (String function : template.resources(FUNCTION).keySet()) {
            String handler = (String) template.property(function, "Handler");
            assertThatCode(() -> Class.forName(handler).getConstructor())
                    .as("the public no-arg constructor of %s", handler)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void every_route_leads_to_the_alias_which_has_the_snapshots() {
        assertThat(template.functionGlobal("SnapStart", "ApplyOn")).isEqualTo("PublishedVersions");
        assertThat(template.functionGlobal("AutoPublishAlias")).isEqualTo("live");
        Map<String, Object> aliases = new TreeMap<>();
        template.resources("AWS::ApiGatewayV2::Route").keySet().forEach(route -> {
            String target = (String) object(template.property(route, "Target")).get("Fn::Sub");
            String integration = target.replaceAll("integrations/\\$\\{(.*)}", "$1");
            if (template.property(integration, "IntegrationType").equals("AWS_PROXY")) {
                List<?> uri = list(template.property(integration, "IntegrationUri", "Fn::Sub"));
                aliases.put(
                        (String) template.property(route, "RouteKey"),
                        object(uri.get(1)).get("Alias"));
            }
        });
        assertThat(aliases)
                .isEqualTo(Map.of(
                        "$connect", Map.of("Ref", "ConnectFunction.Alias"),
                        "$disconnect", Map.of("Ref", "DisconnectFunction.Alias")));
        assertThat(template.property(
                        "DisconnectFunction", "Environment", "Variables", VisitorCounterConfig.BROADCAST_FUNCTION))
                .isEqualTo(Map.of("Ref", "BroadcastFunction.Alias"));
    }

    @Test
    void every_permission_is_for_one_route_of_this_api() {
        Map<Object, Object> sources = new TreeMap<>();
        template.resources("AWS::Lambda::Permission").keySet().forEach(permission -> {
            String function = (String)
                    object(template.property(permission, "FunctionName")).get("Ref");
            String arn =
                    (String) object(template.property(permission, "SourceArn")).get("Fn::Sub");
            sources.put(function, arn.substring(arn.indexOf("${Api}")));
        });
        assertThat(sources)
                .isEqualTo(Map.of(
                        "ConnectFunction.Alias", "${Api}/prod/$connect",
                        "DisconnectFunction.Alias", "${Api}/prod/$disconnect"));
    }

    @Test
    void every_function_may_do_what_its_handler_does() {
        assertThat(allowed("ConnectFunction"))
                .containsExactlyInAnyOrder(
                        "dynamodb:PutItem on ConnectionIDs.Arn",
                        "dynamodb:UpdateItem on VisitorCount.Arn",
                        "logs:CreateLogStream on ConnectLogs.Arn",
                        "logs:PutLogEvents on ConnectLogs.Arn");
        assertThat(allowed("DisconnectFunction"))
                .containsExactlyInAnyOrder(
                        "dynamodb:GetItem on ConnectionIDs.Arn",
                        "dynamodb:DeleteItem on ConnectionIDs.Arn",
                        "dynamodb:UpdateItem on VisitorCount.Arn",
                        "lambda:InvokeFunction on BroadcastFunction.Alias",
                        "logs:CreateLogStream on DisconnectLogs.Arn",
                        "logs:PutLogEvents on DisconnectLogs.Arn");
        assertThat(allowed("BroadcastFunction"))
                .containsExactlyInAnyOrder(
                        "dynamodb:Scan on ConnectionIDs.Arn",
                        "dynamodb:DeleteItem on ConnectionIDs.Arn",
                        "dynamodb:GetItem on VisitorCount.Arn",
                        "dynamodb:UpdateItem on VisitorCount.Arn",
                        "execute-api:ManageConnections on arn:${AWS::Partition}:execute-api:${AWS::Region}"
                                + ":${AWS::AccountId}:${Api}/prod/POST/@connections/*",
                        "dynamodb:DescribeStream on VisitorCount.StreamArn",
                        "dynamodb:GetRecords on VisitorCount.StreamArn",
                        "dynamodb:GetShardIterator on VisitorCount.StreamArn",
                        "dynamodb:ListStreams on ${VisitorCount.Arn}/stream/*",
                        "logs:CreateLogStream on BroadcastLogs.Arn",
                        "logs:PutLogEvents on BroadcastLogs.Arn");
    }

    @Test
    void the_stream_is_read_as_the_broadcast_handler_needs_it() {
        assertThat(template.property("VisitorCount", "StreamSpecification", "StreamViewType"))
                .isEqualTo("NEW_IMAGE");
        Map<String, Object> mapping = object(template.property("BroadcastFunction", "Events", "Changes", "Properties"));
        assertThat(mapping)
                .containsEntry("Stream", Map.of("Fn::GetAtt", List.of("VisitorCount", "StreamArn")))
                .containsEntry("FunctionResponseTypes", List.of("ReportBatchItemFailures"))
                .containsEntry("BisectBatchOnFunctionError", true)
                .containsEntry("MaximumRetryAttempts", 5)
                .containsEntry("MaximumRecordAgeInSeconds", 60)
                .containsEntry("ParallelizationFactor", 1)
                .containsEntry("StartingPosition", "TRIM_HORIZON");
    }

    /** What a function's role allows, as "action on resource". */
    private static List<String> allowed(String function) {
        String role =
                (String) list(template.property(function, "Role", "Fn::GetAtt")).get(0);
        List<String> allowed = new ArrayList<>();
        for (Object policy : list(template.property(role, "Policies"))) {
            for (Object statement :
                    list(object(object(policy).get("PolicyDocument")).get("Statement"))) {
                assertThat(object(statement))
                        .containsOnlyKeys("Effect", "Action", "Resource")
                        .containsEntry("Effect", "Allow");
                for (Object action : list(object(statement).get("Action"))) {
                    for (Object resource : list(object(statement).get("Resource"))) {
                        allowed.add(action + " on " + name(resource));
                    }
                }
            }
        }
        return allowed;
    }

    private static String name(Object resource) {
        Object value = object(resource).values().iterator().next();
        return value instanceof List<?> path ? path.get(0) + "." + path.get(1) : (String) value;
    }

    private static Set<String> settings() throws IllegalAccessException {
        Set<String> settings = new TreeSet<>();
        for (Field field : VisitorCounterConfig.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                settings.add((String) field.get(null));
            }
        }
        return settings;
    }
}
