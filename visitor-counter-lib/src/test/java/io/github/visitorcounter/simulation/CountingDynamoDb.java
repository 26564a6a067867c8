package io.github.visitorcounter.simulation;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/** Counts the calls of one operation that are sent to a DynamoDB. */
final class CountingDynamoDb {

    private final DynamoDbClient client;
    private long calls;

    CountingDynamoDb(DynamoDbClient tables, String operation) {
        this.client = (DynamoDbClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, arguments) -> {
                    if (arguments[0] instanceof Consumer<?>) {
                        return InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    calls += method.getName().equals(operation) ? 1 : 0;
                    try {
                        return method.invoke(tables, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    DynamoDbClient client() {
        return client;
    }

    long calls() {
        return calls;
    }
}
