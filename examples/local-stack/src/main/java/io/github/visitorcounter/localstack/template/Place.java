package io.github.visitorcounter.localstack.template;

import io.github.visitorcounter.localstack.StackEndpoints;

import java.util.Map;

/** Where the template is deployed: what pseudo parameters and ARNs say. */
record Place(String region, String accountId, String stackName) {

    static final String API_ID = "localapi01";
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

    String apiHost() {
        return API_ID + ".execute-api." + region + "." + URL_SUFFIX;
    }

    /** A value in which the API's address on AWS is the local one. */
    String local(String value, StackEndpoints endpoints) {
        String authority = endpoints.page().getAuthority();
        return value.replace("https://" + apiHost(), "http://" + authority)
                .replace("wss://" + apiHost(), "ws://" + authority)
                .replace(apiHost(), authority);
    }

    private String arn(String service, String resource) {
        return "arn:" + PARTITION + ":" + service + ":" + region + ":" + accountId + ":" + resource;
    }
}
