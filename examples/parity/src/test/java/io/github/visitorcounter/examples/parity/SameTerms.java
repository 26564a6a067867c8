package io.github.visitorcounter.examples.parity;

import io.github.visitorcounter.examples.sam.Deployment;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts what SAM and what the CDK make into the same terms: the names of the SAM template, and nothing that only tells
 * them apart.
 */
final class SameTerms {

    /** Each publishes versions in its own way, and the CDK says which CDK it was. */
    private static final Set<String> NOT_COMPARED = Set.of("AWS::Lambda::Version", "AWS::CDK::Metadata");

    /** Where the code lies, and SAM's mark. */
    private static final Set<String> NOT_COMPARED_OF_FUNCTIONS = Set.of("Code", "CodeUri", "Tags");

    /** The CDK's names that are not the template's with the construct before them. */
    private static final Map<String, String> CDK_NAMES = Map.ofEntries(
            Map.entry("SocketApi", "Api"),
            Map.entry("SocketStage", "Stage"),
            Map.entry("SocketconnectRoute", "ConnectRoute"),
            Map.entry("SocketconnectIntegration", "ConnectIntegration"),
            Map.entry("ConnectLiveRoute", "ConnectPermission"),
            Map.entry("SocketdisconnectRoute", "DisconnectRoute"),
            Map.entry("SocketdisconnectIntegration", "DisconnectIntegration"),
            Map.entry("DisconnectLiveRoute", "DisconnectPermission"),
            Map.entry("SocketPingRoute", "PingRoute"),
            Map.entry("SocketPingRouteResponse", "PingRouteResponse"),
            Map.entry("SocketPingIntegration", "PingIntegration"),
            Map.entry("SocketPingIntegrationResponse", "PingIntegrationResponse"),
            Map.entry("SocketCountRoute", "CountRoute"),
            Map.entry("SocketCountRouteResponse", "CountRouteResponse"),
            Map.entry("MessageLiveCountRoute", "CountPermission"),
            Map.entry("SocketDefaultRoute", "DefaultRoute"),
            Map.entry("SocketDefaultRouteResponse", "DefaultRouteResponse"),
            Map.entry("MessageLiveDefaultRoute", "DefaultPermission"),
            Map.entry("SocketMessageIntegration", "MessageIntegration"),
            Map.entry("ReconcileLiveSchedule", "ReconcilePermission"),
            Map.entry("ConnectLiveKeepAlive", "KeepAliveConnectPermission"),
            Map.entry("DisconnectLiveKeepAlive", "KeepAliveDisconnectPermission"),
            Map.entry("BroadcastLiveKeepAlive", "KeepAliveBroadcastPermission"),
            Map.entry("WakeUpLiveKeepAlive", "KeepAliveWakeUpPermission"),
            Map.entry("MessageLiveKeepAlive", "KeepAliveMessagePermission"),
            Map.entry("ReconcileEventInvokeConfig", "ReconcileFunctionEventInvokeConfig"),
            Map.entry("BroadcastChanges", "BroadcastFunctionChanges"),
            Map.entry("BroadcastEventInvokeConfig", "BroadcastFunctionEventInvokeConfig"),
            Map.entry("WakeUpWakeUps", "WakeUpFunctionWakeUps"),
            Map.entry("WakeUpEventInvokeConfig", "WakeUpFunctionEventInvokeConfig"));

    private SameTerms() {}

    /** The template's name of what the CDK calls {@code VisitorCounterPagePublishLogs1A2B3C4D}. */
    static String ofCdk(String logicalId) {
        String name = logicalId.replaceFirst("^VisitorCounter", "");
        if (name.matches(".*FunctionCurrentVersion[0-9A-F]{8}[0-9a-f]{32}")) {
            return ofCdk(name.replaceFirst("CurrentVersion.*", "")) + ".Version";
        }
        name = name.replaceFirst("[0-9A-F]{8}$", "")
                .replaceFirst("^Monitoring", "")
                .replaceFirst("^PagePublish", "Publish")
                .replaceFirst("^HttpCountHttpCount", "HttpCount")
                .replaceFirst("Live$", "Function.Alias");
        return CDK_NAMES.getOrDefault(name, name);
    }

    /** The template's name of what SAM's translator calls {@code FAliaslive} and {@code FVersion0a1b2c3d4e}. */
    static String ofTranslator(String logicalId) {
        return logicalId.replaceFirst("Aliaslive$", ".Alias").replaceFirst("Version[0-9a-f]{10}$", ".Version");
    }

    /** Each resource with what makes it what it is, and the outputs. */
    static Map<String, Object> of(Deployment deployment) {
        Map<String, Object> comparable = new TreeMap<>();
        comparable.put("Outputs", deployment.outputs());
        deployment.resources().forEach((name, resource) -> {
            String type = (String) resource.get("Type");
            if (!NOT_COMPARED.contains(type)) {
                comparable.put(name, resource(type, resource));
            }
        });
        return comparable;
    }

    private static Map<String, Object> resource(String type, Map<String, Object> resource) {
        Map<String, Object> comparable = new TreeMap<>();
        comparable.put("Type", type);
        // Delete is what CloudFormation does without being told.
        comparable.put("DeletionPolicy", resource.getOrDefault("DeletionPolicy", "Delete"));
        comparable.put("UpdateReplacePolicy", resource.getOrDefault("UpdateReplacePolicy", "Delete"));
        if (type.equals("AWS::ApiGatewayV2::Stage")) {
            comparable.put("DependsOn", new TreeSet<>(names(resource.get("DependsOn"))));
        }
        Map<String, Object> properties = new TreeMap<>(object(resource.getOrDefault("Properties", Map.of())));
        if (type.equals("AWS::Lambda::Function")) {
            properties.keySet().removeAll(NOT_COMPARED_OF_FUNCTIONS);
            // The default, which SAM must write down where its Globals say otherwise.
            properties.remove("SnapStart", Map.of("ApplyOn", "None"));
        }
        if (type.equals("AWS::IAM::ManagedPolicy")) {
            // The CDK writes down the defaults.
            properties.remove("Description");
            properties.remove("Path");
        }
        comparable.put("Properties", value("", properties));
        return comparable;
    }

    private static List<String> names(Object dependencies) {
        return ((List<?>) dependencies)
                .stream().map(name -> ofCdk(name.toString())).toList();
    }

    /** Policies as what they allow, however they are grouped; the rest as it is. */
    private static Object value(String name, Object value) {
        if (name.equals("PolicyDocument") && !value.toString().contains("Principal")) {
            return Deployment.statements(value);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> comparable = new TreeMap<>();
            map.forEach((key, element) -> comparable.put(key.toString(), value(key.toString(), element)));
            return comparable;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(element -> value("", element)).toList();
        }
        return value instanceof String text ? text.strip() : value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object node) {
        return (Map<String, Object>) node;
    }
}
