package io.github.visitorcounter.embeddedstack.lambda;

/** The name and ARN of a function, as in its context and environment. */
record FunctionIdentity(String name, String region, String accountId, String logStreamName) {

    static final String VERSION = "$LATEST";

    String arn() {
        return "arn:aws:lambda:" + region + ":" + accountId + ":function:" + name;
    }

    String logGroupName() {
        return "/aws/lambda/" + name;
    }
}
