package io.github.visitorcounter.simulation;

import io.github.visitorcounter.simulation.Invocation.Answer;
import software.amazon.awssdk.core.RequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The Invoke API as called over a network, with throttling and lost answers. */
final class FaultyLambda implements LambdaClient {

    private static final double TYPICAL_MILLIS = 10;
    private static final int CALL_TIMEOUT_MILLIS = 2_000;

    private final SimulatedWorld world;
    private final Functions functions;

    FaultyLambda(SimulatedWorld world, Functions functions) {
        this.world = world;
        this.functions = functions;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds no resources.
    }

    @Override
    public InvokeResponse invoke(InvokeRequest request) {
        return world.tracked(() -> call(request));
    }

    private InvokeResponse call(InvokeRequest request) {
        Invocation caller = world.invocation();
        world.step();
        world.travel(TYPICAL_MILLIS);
        if (request.invocationType() != InvocationType.EVENT
                && !caller.deployment().mayInvokeItself()) {
            throw LambdaException.builder()
                    .statusCode(403)
                    .message("not authorized to perform: lambda:InvokeFunction")
                    .build();
        }
        if (world.injects(world.faults().rejected())) {
            throw world.randomness().chance(0.5)
                    ? TooManyRequestsException.builder().statusCode(429).build()
                    : LambdaException.builder().statusCode(500).build();
        }
        return request.invocationType() == InvocationType.EVENT ? accept(request) : run(request, caller);
    }

    private InvokeResponse accept(InvokeRequest request) {
        boolean unanswered = world.injects(world.faults().unanswered());
        if (!unanswered || world.randomness().chance(0.7)) {
            functions.enqueue(request.payload().asUtf8String());
        }
        world.step();
        if (unanswered) {
            world.scheduler().sleep(world.randomness().upTo(CALL_TIMEOUT_MILLIS));
            throw ApiCallTimeoutException.create(CALL_TIMEOUT_MILLIS);
        }
        world.travel(TYPICAL_MILLIS);
        return InvokeResponse.builder().statusCode(202).build();
    }

    private InvokeResponse run(InvokeRequest request, Invocation caller) {
        BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        Duration timeout = request.overrideConfiguration()
                .flatMap(RequestOverrideConfiguration::apiCallTimeout)
                .orElse(Duration.ofMillis(CALL_TIMEOUT_MILLIS));
        functions.invoke(
                caller.function(), "sync-of-" + caller.name(), request.payload().asUtf8String(), answers::add);
        Answer answer = world.scheduler().poll(answers, SimulatedWorld.micros(timeout));
        world.step();
        if (answer == null || world.injects(world.faults().unanswered())) {
            throw ApiCallTimeoutException.create(timeout.toMillis());
        }
        InvokeResponse.Builder response = InvokeResponse.builder().statusCode(200);
        return answer.isOk()
                ? response.payload(SdkBytes.fromUtf8String(answer.body())).build()
                : response.functionError("Unhandled")
                        .payload(SdkBytes.fromUtf8String("{\"errorMessage\":\"died\"}"))
                        .build();
    }
}
