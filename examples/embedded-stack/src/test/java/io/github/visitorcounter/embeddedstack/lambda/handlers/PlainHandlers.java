package io.github.visitorcounter.embeddedstack.lambda.handlers;

import com.amazonaws.services.lambda.runtime.Context;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Handlers without Lambda's interfaces, in each form that Lambda supports. */
public final class PlainHandlers {

    private PlainHandlers() {}

    public static class Objects {

        public String handleRequest(Map<String, Integer> event, Context context) {
            return context.getFunctionName() + " " + event.get("n");
        }

        public int sum(List<Integer> numbers) {
            return numbers.stream().mapToInt(Integer::intValue).sum();
        }

        public void nothing(String event) {}

        public String noParameters() {
            return "called";
        }

        public String contextOnly(Context context) {
            return context.getFunctionName();
        }

        public String wrong(String event, String more) {
            return event + more;
        }

        public void throwing(String event) throws IOException {
            throw new IOException("not " + event);
        }
    }

    public static class Streams {

        public void inAndOut(InputStream in, OutputStream out) throws IOException {
            out.write('"');
            out.write(in.readAllBytes());
            out.write('"');
        }

        public void withContext(InputStream in, OutputStream out, Context context) throws IOException {
            out.write(('"' + context.getFunctionName() + in.readAllBytes().length + '"')
                    .getBytes(StandardCharsets.UTF_8));
        }

        public int inOnly(InputStream in) throws IOException {
            return in.readAllBytes().length;
        }
    }

    public static class Overloaded {

        public String longest(String event) {
            return "one";
        }

        public String longest(String event, OutputStream out, Context context) {
            return "three";
        }

        public String withContext(String event, OutputStream out) {
            return "stream";
        }

        public String withContext(String event, Context context) {
            return "context";
        }
    }

    /** Cannot be instantiated; its handler method is static. */
    public abstract static class Static {

        public static String handleRequest(String event) {
            return "static " + event;
        }
    }

    public interface Greets {

        default String handleRequest(String event, Context context) {
            return "hello " + event;
        }
    }

    public static class Inherited implements Greets {}

    public interface Typed<T> {

        String handleRequest(T event);
    }

    /** Has a bridge method that takes an Object. */
    public static class Bridged implements Typed<Integer> {

        @Override
        public String handleRequest(Integer event) {
            return "number " + (event + 1);
        }
    }
}
