package io.github.visitorcounter.embeddedstack.dynamodb;

import software.amazon.awssdk.core.util.VersionInfo;

/** Checks the version of the AWS SDK, which DynamoDB Local takes from the class path of whoever uses the stack. */
final class SdkVersion {

    /** Came with 2.32.0; without it DynamoDB Local answers 500 to everything that reads a stream. */
    private static final String NEEDED = "software.amazon.awssdk.services.dynamodb.model.ShardFilter";

    private SdkVersion() {}

    /**
     * Checks the version.
     *
     * @param classPath where DynamoDB Local finds the SDK
     * @throws IllegalStateException if it is too old
     */
    static void check(ClassLoader classPath) {
        try {
            Class.forName(NEEDED, false, classPath);
        } catch (ClassNotFoundException tooOld) {
            throw new IllegalStateException(
                    "DynamoDB Local needs version 2.32.0 or later of the AWS SDK for Java 2, and "
                            + VersionInfo.SDK_VERSION
                            + " is on the class path. Raise the version of software.amazon.awssdk:bom for the tests; functions"
                            + " may keep an older SDK in a class path of their own, see FunctionDefinition.Builder.classPath.",
                    tooOld);
        }
    }
}
