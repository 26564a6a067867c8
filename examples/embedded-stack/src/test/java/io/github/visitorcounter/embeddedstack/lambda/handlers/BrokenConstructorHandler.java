package io.github.visitorcounter.embeddedstack.lambda.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** Its constructor throws. */
public class BrokenConstructorHandler implements RequestHandler<Object, String> {

    public BrokenConstructorHandler() {
        throw new IllegalArgumentException("no table configured");
    }

    @Override
    public String handleRequest(Object event, Context context) {
        return "never";
    }
}
