package io.github.visitorcounter.embeddedstack.lambda.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** Throws at every call. */
public class ThrowingHandler implements RequestHandler<Object, String> {

    @Override
    public String handleRequest(Object event, Context context) {
        throw new UnsupportedOperationException("not today");
    }
}
