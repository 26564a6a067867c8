package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.internal.lambda.CountProcessor;
import io.github.visitorcounter.internal.lambda.Invocation;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.priming.Priming;
import io.github.visitorcounter.internal.priming.SnapStart;
import io.github.visitorcounter.internal.time.TimeSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Answers requests for a count over HTTP, without a WebSocket: the function behind a function URL or an HTTP API with
 * payload format 2.0. It only reads the table of counters; a request is not a visit.
 *
 * <ul>
 *   <li>{@code GET …/count?counter=site} is answered with the count as JSON, like a broadcast in
 *       {@link io.github.visitorcounter.broadcast.MessageFormat#JSON}.
 *   <li>{@code GET …/badge.svg?counter=site} is answered with an SVG image. Parameters: {@code show} ({@code live}, the
 *       default, or {@code total}); {@code label}, at most 60 characters, empty for none; {@code color}, a name
 *       ({@code brightgreen}, {@code green}, {@code yellowgreen}, {@code yellow}, {@code orange}, {@code red},
 *       {@code blue}, {@code grey}, {@code lightgrey}) or 3 or 6 hexadecimal digits; {@code style} ({@code flat}, the
 *       default, or {@code flat-square}).
 * </ul>
 *
 * <p>The last segment of the path decides, so that a stage or a base path may precede it. Without {@code counter}, the
 * counter is {@link Setting#DEFAULT_COUNTER}. The function answers
 *
 * <ul>
 *   <li>200 with the count, and 204 to {@code OPTIONS};
 *   <li>400 for a parameter of the badge that is not allowed, and for an event that is not a request in payload format
 *       2.0;
 *   <li>404 for another path, and for a counter that is not among {@link Setting#ALLOWED_COUNTERS};
 *   <li>405 for a method other than {@code GET}, {@code HEAD} and {@code OPTIONS};
 *   <li>503 if DynamoDB does not answer in time, or fails. A badge is then answered with status 200 and the text
 *       "unavailable", because image proxies show no image with another status.
 * </ul>
 *
 * <p>Browsers and CloudFront may cache a response for {@link Setting#COUNT_MAX_AGE}, except one that says that the
 * count is unavailable. Each instance of the function reads a counter at most once a second. Pages of
 * {@link Setting#ALLOWED_ORIGINS} may read the response (CORS); programs that send no {@code Origin} always may.
 *
 * <p>Anyone can request counts. Put CloudFront in front of the function and reserve a small concurrency for it, as the
 * example stacks do: a function URL then accepts at most ten requests a second for each unit of concurrency, and
 * answers others with 429.
 *
 * <p>The class has no hooks; extend it to set settings from code. Threads and SnapStart are described in the
 * {@linkplain io.github.visitorcounter package documentation}.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html">Lambda function URLs</a>
 * @since 0.1.0
 */
public class CountHandler implements RequestStreamHandler {

    private final CountProcessor processor;
    private final TimeSource timeSource;

    /**
     * Creates the handler with the settings of the environment. Lambda calls this constructor.
     *
     * @throws InvalidConfigurationException if a setting is wrong
     */
    public CountHandler() {
        this(VisitorCounterConfig.fromEnvironment());
    }

    /**
     * Creates the handler with settings from code.
     *
     * @param config the settings
     */
    protected CountHandler(VisitorCounterConfig config) {
        this(config, Ports.aws(config));
        SnapStart.prepare(processor::buildClients, Priming.count(config));
    }

    /**
     * Creates the handler for a test.
     *
     * @param config the settings
     * @param ports the test doubles that replace AWS
     */
    protected CountHandler(VisitorCounterConfig config, Ports ports) {
        this.processor = new CountProcessor(config, ports.unwrap());
        this.timeSource = ports.unwrap().timeSource();
    }

    /** Answers the request. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, timeSource);
        Responses.write(processor.respond(input, invocation), output);
    }
}
