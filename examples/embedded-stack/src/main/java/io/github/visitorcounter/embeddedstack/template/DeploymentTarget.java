package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.StackEndpoints;

import java.util.List;
import java.util.Map;

/** The region, account and stack name of the deployment, for pseudo parameters and ARNs. */
record DeploymentTarget(String region, String accountId, String stackName) {

    static final String API_ID = "localapi01";
    /** The host of every distribution and of the function URL, which stands for the stack's own web server. */
    static final String PAGE_HOST = "d111111abcdef8.cloudfront.net";

    private static final String PARTITION = "aws";
    private static final String URL_SUFFIX = "amazonaws.com";

    Map<String, Object> pseudoParameters() {
        return Map.of(
                "AWS::Region", region,
                "AWS::AccountId", accountId,
                "AWS::Partition", PARTITION,
                "AWS::URLSuffix", URL_SUFFIX,
                "AWS::StackName", stackName,
                "AWS::StackId", arn("cloudformation", "stack/" + stackName + "/local"));
    }

    String tableArn(String name) {
        return arn("dynamodb", "table/" + name);
    }

    String functionArn(String name) {
        return arn("lambda", "function:" + name);
    }

    String iamArn(String kind, String name) {
        return "arn:" + PARTITION + ":iam::" + accountId + ":" + kind + "/" + name;
    }

    String routeArn(String stage, String routeKey) {
        return arn("execute-api", API_ID + "/" + stage + "/" + routeKey);
    }

    String authorizerArn(String id) {
        return arn("execute-api", API_ID + "/authorizers/" + id);
    }

    String ruleArn(String name) {
        return arn("events", "rule/" + name);
    }

    String apiHost() {
        return API_ID + ".execute-api." + region + "." + URL_SUFFIX;
    }

    /** Replaces AWS's addresses of the API and the page in a value by the local ones. */
    String local(String value, StackEndpoints endpoints) {
        String authority = endpoints.page().getAuthority();
        String local = value;
        for (String host : List.of(apiHost(), PAGE_HOST)) {
            local = local.replace("https://" + host, "http://" + authority)
                    .replace("wss://" + host, "ws://" + authority)
                    .replace(host, authority);
        }
        return local;
    }

    private String arn(String service, String resource) {
        return "arn:" + PARTITION + ":" + service + ":" + region + ":" + accountId + ":" + resource;
    }
}
