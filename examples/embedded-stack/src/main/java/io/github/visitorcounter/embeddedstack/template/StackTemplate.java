package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.access.Policy;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.isolation.Isolation;
import io.github.visitorcounter.embeddedstack.lambda.AsyncRetryPolicy;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.schedule.Schedule;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * An embedded stack read from a CloudFormation or SAM template, or from a template synthesised by CDK: its tables,
 * functions with their environment and their roles' permissions, event source mappings, schedules, and WebSocket API.
 * Immutable.
 *
 * <pre>{@code
 * StackTemplate template = StackTemplate.read(Path.of("template.yaml"), Map.of("Stage", "test"));
 * template.unsupportedResources().forEach(System.out::println);
 * try (EmbeddedStack stack = template.describe().start()) {
 *     URI socket = stack.endpoints().websocket();
 * }
 * }</pre>
 *
 * <p>Handlers are loaded from the JVM's class path. A handler that is not there is loaded from a class path of the
 * function's own, which its {@code CodeUri} determines: a jar; the output of {@code sam build}, in
 * {@code .aws-sam/build} beside the template; Maven's {@code target/classes} with the jars of {@code target/dependency}
 * or {@code target/lib}, or with the largest jar in {@code target}; Gradle's {@code build/classes} with the largest jar
 * in {@code build/libs}; or classes and {@code lib}, as Lambda unpacks them. Physical names that the template does not
 * set are the logical ids. The region is {@code us-east-1}, the account {@code 000000000000}, the stack's name
 * {@code local}; in environment variables, the addresses of the API and of CloudFront's distributions are replaced by
 * the local ones.
 *
 * @since 0.1.0
 */
public final class StackTemplate {

    /** Types that other readers use, or that have no effect here. */
    private static final Set<String> READ_WITH_OTHERS = Set.of(
            "AWS::Lambda::Version",
            "AWS::Lambda::Alias",
            "AWS::Lambda::EventInvokeConfig",
            "AWS::Lambda::Permission",
            "AWS::IAM::Role",
            "AWS::IAM::Policy",
            "AWS::IAM::ManagedPolicy",
            "AWS::ApiGatewayV2::Api",
            "AWS::ApiGatewayV2::Stage",
            "AWS::ApiGatewayV2::Deployment",
            "AWS::ApiGatewayV2::Route",
            "AWS::ApiGatewayV2::RouteResponse",
            "AWS::ApiGatewayV2::Authorizer",
            "AWS::ApiGatewayV2::Integration",
            "AWS::ApiGatewayV2::IntegrationResponse",
            "AWS::CDK::Metadata");

    private static final DeploymentTarget TARGET = new DeploymentTarget("us-east-1", "000000000000", "local");

    private final CodeLocation code;
    private final UnsupportedResources unsupported = new UnsupportedResources();
    private final List<String> problems = new ArrayList<>();
    private final List<TableDefinition> tables = new ArrayList<>();
    private final List<FunctionDefinition> functions = new ArrayList<>();
    private final List<EventSourceMapping> mappings = new ArrayList<>();
    private final List<Schedule> schedules = new ArrayList<>();
    private final @Nullable WebSocketApi api;
    private @Nullable String functionUrl;

    private StackTemplate(Map<String, Object> template, TemplateOptions options, CodeLocation code) {
        this.code = code;
        Resources resources = resources(template, options);
        Permissions permissions = new Permissions(resources, resource -> reader(resource, resources));
        for (Resource resource : resources.all()) {
            PropertyReader properties = reader(resource, resources);
            switch (resource.type()) {
                case Resources.TABLE ->
                    addUnlessNull(tables, attempt(properties, () -> table(properties, resource, resources)));
                case "AWS::Lambda::EventSourceMapping" ->
                    addUnlessNull(mappings, attempt(properties, () -> mapping(properties)));
                case Resources.RULE ->
                    schedules.addAll(ScheduleReader.read(
                            properties,
                            String.valueOf(resources.ref(resource.id())),
                            String.valueOf(resources.attribute(resource.id(), "Arn")),
                            permissions));
                case Resources.FUNCTION_URL -> readFunctionUrl(properties);
                case Resources.FUNCTION -> {} // Read below, because functions depend on other resources.
                default -> {
                    if (!READ_WITH_OTHERS.contains(resource.type())) {
                        unsupported.add(resource.kind(), resource.id());
                    }
                }
            }
        }
        readFunctions(resources);
        this.api = attempt(null, new ApiReader(resources, resource -> reader(resource, resources), permissions)::read);
    }

    /**
     * Reads a template.
     *
     * @param file the template, in YAML or JSON
     * @param parameters the values of parameters that differ from their defaults
     * @throws IOException if the file can't be read
     * @throws InvalidTemplateException as in {@link #read(Path, TemplateOptions)}
     */
    public static StackTemplate read(Path file, Map<String, String> parameters) throws IOException {
        return read(file, new TemplateOptions(parameters, Map.of(), List.of()));
    }

    /**
     * Reads a template.
     *
     * @param file the template, in YAML or JSON
     * @param options the values that are not in the template
     * @throws IOException if the file can't be read
     * @throws InvalidTemplateException if it is not a template, if parameters are missing or not allowed, or if AWS
     *     would not deploy the supported resources; the message lists every problem
     */
    public static StackTemplate read(Path file, TemplateOptions options) throws IOException {
        Map<String, Object> text = text(file);
        StackTemplate template;
        try {
            Path folder = file.toAbsolutePath().getParent();
            CodeLocation code = new CodeLocation(folder == null ? Path.of("") : folder, options.classPath());
            template = new StackTemplate(text, options, code);
        } catch (IllegalArgumentException wrongShape) {
            throw new InvalidTemplateException(file.toString(), List.of(String.valueOf(wrongShape.getMessage())));
        }
        if (!template.problems.isEmpty()) {
            throw new InvalidTemplateException(file.toString(), template.problems);
        }
        return template;
    }

    /** Uses the stack's own YAML library, not the project's. */
    private static Map<String, Object> text(Path file) throws IOException {
        try {
            return Isolation.<Path, Map<String, Object>>function(TemplateFile.class.getName() + "$Reader")
                    .apply(file);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Describes the stack. The stack starts even if a function cannot be initialised.
     *
     * @return a builder, to be completed with ports and the like
     */
    public EmbeddedStack.Builder describe() {
        EmbeddedStack.Builder stack = EmbeddedStack.builder()
                .region(TARGET.region())
                .accountId(TARGET.accountId())
                .brokenFunctionsAllowed(true);
        tables.forEach(stack::table);
        functions.forEach(stack::function);
        mappings.forEach(stack::eventSourceMapping);
        schedules.forEach(stack::schedule);
        if (api != null) {
            stack.webSocketApi(api);
        }
        return functionUrl == null ? stack : stack.functionUrl(functionUrl);
    }

    /** The functions, as in {@link #describe}. */
    List<FunctionDefinition> functions() {
        return List.copyOf(functions);
    }

    /** The function with the function URL and its alias, as in {@link #describe}; empty if there is none. */
    public Optional<String> functionUrl() {
        return Optional.ofNullable(functionUrl);
    }

    /** The tables, as in {@link #describe}. */
    List<TableDefinition> tables() {
        return List.copyOf(tables);
    }

    /**
     * The policies of its functions' roles by the functions' names, without roles that the template does not contain
     * completely.
     */
    public Map<String, Policy> policies() {
        Map<String, Policy> policies = new TreeMap<>();
        functions.forEach(function -> function.policy().ifPresent(policy -> policies.put(function.name(), policy)));
        return policies;
    }

    /**
     * The resources and properties of the template that the stack does not support: one line for each kind, with the
     * logical ids.
     */
    public List<String> unsupportedResources() {
        return unsupported.lines();
    }

    private Resources resources(Map<String, Object> template, TemplateOptions options) {
        Map<String, Object> values = new HashMap<>(TARGET.pseudoParameters());
        values.putAll(Parameters.values(Nodes.section(template, "Parameters"), options.parameters(), problems));
        Intrinsics conditions = new Resources(List.of(), TARGET, values, options.imports(), template).intrinsics();
        checkRules(Nodes.section(template, "Rules"), conditions);
        Map<String, Object> existing = new LinkedHashMap<>();
        Nodes.section(template, "Resources").forEach((id, resource) -> {
            Object condition = Nodes.object(resource).get("Condition");
            if (condition == null || conditions.holds(Nodes.text(condition))) {
                existing.put(id, resource);
            }
        });
        List<Resource> expanded = SamExpansion.expand(existing, Nodes.section(template, "Globals"), unsupported);
        return new Resources(expanded, TARGET, values, options.imports(), template);
    }

    private void checkRules(Map<String, Object> rules, Intrinsics conditions) {
        rules.forEach((name, node) -> {
            Map<String, Object> rule = Nodes.object(node);
            Object condition = rule.get("RuleCondition");
            if (condition == null || conditions.evaluate(condition)) {
                Nodes.list(rule.getOrDefault("Assertions", List.of())).stream()
                        .map(Nodes::object)
                        .filter(assertion -> !conditions.evaluate(assertion.get("Assert")))
                        .forEach(assertion -> problems.add("Rule " + name + ": " + assertion.get("AssertDescription")));
            }
        });
    }

    private PropertyReader reader(Resource resource, Resources resources) {
        return new PropertyReader(resource, resources.intrinsics(), unsupported, problems);
    }

    private TableDefinition table(PropertyReader properties, Resource resource, Resources resources) {
        TableDefinition table = TableReader.read(properties, String.valueOf(resources.ref(resource.id())));
        properties.finish();
        return table;
    }

    private @Nullable EventSourceMapping mapping(PropertyReader properties) {
        EventSourceMapping mapping = MappingReader.read(properties);
        if (mapping != null) {
            properties.finish();
        }
        return mapping;
    }

    private void readFunctionUrl(PropertyReader properties) {
        if (functionUrl == null) {
            functionUrl = FunctionUrlReader.read(properties);
        } else {
            properties.problem("", "is a second function URL; the embedded stack has one");
        }
    }

    private void readFunctions(Resources resources) {
        PolicyReader policies = new PolicyReader(resources, resource -> reader(resource, resources));
        Map<String, FunctionDefinition.Builder> builders = new LinkedHashMap<>();
        for (Resource resource : resources.ofType(Resources.FUNCTION)) {
            PropertyReader properties = reader(resource, resources);
            String name = String.valueOf(resources.ref(resource.id()));
            FunctionDefinition.Builder function = FunctionReader.read(properties, name, resources, code);
            if (function != null) {
                Policy policy = policies.read(properties);
                if (policy != null) {
                    function.policy(policy);
                }
                properties.finish();
                builders.put(name, function);
            }
        }
        for (Resource alias : resources.ofType(Resources.ALIAS)) {
            PropertyReader properties = reader(alias, resources);
            FunctionDefinition.Builder function = builders.get(functionName(properties));
            if (function != null) {
                function.alias(properties.required("Name"));
                properties.irrelevant("FunctionVersion", "Description");
                properties.finish();
            }
        }
        for (Resource config : resources.ofType("AWS::Lambda::EventInvokeConfig")) {
            PropertyReader properties = reader(config, resources);
            FunctionDefinition.Builder function = builders.get(functionName(properties));
            AsyncRetryPolicy retries = attempt(properties, () -> FunctionReader.retryPolicy(properties));
            if (function != null && retries != null) {
                function.asyncRetryPolicy(retries);
                properties.finish();
            }
        }
        builders.values().forEach(function -> addUnlessNull(functions, attempt(null, function::build)));
    }

    /** Removes the alias. */
    private static String functionName(PropertyReader properties) {
        return FunctionReader.shortName(properties.required("FunctionName")).replaceFirst(":.*", "");
    }

    /** Rejections by the parts of a stack are problems of the template. */
    private <T> @Nullable T attempt(@Nullable PropertyReader resource, Supplier<@Nullable T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException wrong) {
            if (resource == null) {
                problems.add(String.valueOf(wrong.getMessage()));
            } else {
                resource.problem("", "can't be made: " + wrong.getMessage());
            }
            return null;
        }
    }

    private static <T> void addUnlessNull(List<T> list, @Nullable T element) {
        if (element != null) {
            list.add(element);
        }
    }
}
