package io.github.visitorcounter.benchmark.pass;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;

import java.util.concurrent.ExecutionException;

/**
 * The broadcasting function of a stack, invoked directly; it reads the connections from DynamoDB, which is part of a
 * pass.
 */
final class BroadcastFunction implements Sender {

    private final EmbeddedStack stack;
    private final ConnectionRows rows;
    private int connections;

    BroadcastFunction(EmbeddedStack stack) {
        this.stack = stack;
        this.rows = new ConnectionRows(stack.dynamoDb());
    }

    @Override
    public void audience(int newConnections) {
        rows.fill(newConnections);
        connections = newConnections;
    }

    @Override
    public void pass() throws InterruptedException {
        rows.change(connections);
        try {
            InvocationResult result =
                    stack.invoke("broadcast", "{\"counterId\":\"site\"}").get();
            if (result.failed()) {
                throw new IllegalStateException("The pass failed: " + result);
            }
        } catch (ExecutionException failure) {
            throw new IllegalStateException("The function could not be invoked", failure.getCause());
        }
    }

    @Override
    public void close() {
        stack.close();
    }
}
