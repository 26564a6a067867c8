package io.github.visitorcounter.embeddedstack.template;

import org.jspecify.annotations.Nullable;

/** Reads {@code AWS::Lambda::Url}. */
final class FunctionUrlReader {

    private FunctionUrlReader() {}

    /**
     * Reads a function URL. Who may call it is not checked: requests of CloudFront are signed, and those of local
     * clients are not.
     *
     * @return the function, with its alias if it has one; null if the URL streams its responses, which is reported
     */
    static @Nullable String read(PropertyReader properties) {
        properties.irrelevant("AuthType");
        String function = FunctionReader.shortName(properties.required("TargetFunctionArn"));
        String qualifier = properties.text("Qualifier");
        if (!properties.text("InvokeMode", "BUFFERED").equals("BUFFERED")) {
            properties.reportUnsupported("with the InvokeMode RESPONSE_STREAM");
            return null;
        }
        properties.finish();
        return qualifier == null ? function : function + ":" + qualifier;
    }
}
