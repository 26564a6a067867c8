package io.github.visitorcounter.embeddedstack.lambda.handlers;

import com.amazonaws.services.lambda.runtime.Context;

/** Writes to the console by each method of the JDK. */
public class PrintingHandler {

    static {
        System.out.println("initialised");
    }

    public String handleRequest(String event, Context context) throws InterruptedException {
        System.out.println("out " + event + "\nsecond line");
        System.err.printf("err %s%n", event);
        new IllegalStateException("printed").printStackTrace();
        Thread helper = new Thread(() -> System.out.println("helper " + event));
        helper.start();
        helper.join();
        System.out.print("no end");
        return System.getenv("_X_AMZN_TRACE_ID");
    }
}
