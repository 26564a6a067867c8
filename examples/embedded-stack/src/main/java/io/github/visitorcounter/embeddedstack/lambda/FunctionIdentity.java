package io.github.visitorcounter.embeddedstack.lambda;

/** What a function is called, as its context and its environment show it. */
record FunctionIdentity(String name, String region, String accountId, String logStreamName) {

    static final String VERSION = "$LATEST";

    String arn() {
        return "arn:aws:lambda:" + region + ":" + accountId + ":function:" + name;
    }

    String logGroupName() {
        return "/aws/lambda/" + name;
    }
}
