package io.github.visitorcounter.embeddedstack.lambda.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** Cannot even be loaded without its table. */
public class BrokenInitialiserHandler implements RequestHandler<Object, String> {

    private static final String TABLE = table();

    private static String table() {
        String table = System.getenv("TABLE");
        if (table == null) {
            throw new IllegalStateException("TABLE is not set");
        }
        return table;
    }

    @Override
    public String handleRequest(Object event, Context context) {
        return TABLE;
    }
}
