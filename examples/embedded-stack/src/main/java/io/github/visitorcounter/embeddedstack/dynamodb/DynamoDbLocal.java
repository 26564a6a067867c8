package io.github.visitorcounter.embeddedstack.dynamodb;

import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

import java.text.DecimalFormatSymbols;
import java.util.Locale;

/**
 * Amazon's DynamoDB Local, in memory, as a Jetty handler. Its own server would listen on all interfaces and report
 * usage to Amazon; embedded like this it sends nothing, with or without {@code DDB_LOCAL_TELEMETRY=0} (traced with
 * 3.3.1).
 */
final class DynamoDbLocal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DynamoDbLocal.class);

    private final LocalDynamoDBServerHandler serverHandler;
    private final Handler handler;

    /**
     * Sets up an empty database.
     *
     * @throws IllegalStateException if that fails
     */
    DynamoDbLocal() {
        useLatinDigits();
        try {
            serverHandler =
                    new LocalDynamoDBServerHandler(new LocalDynamoDBRequestHandler(0, true, null, true, false), "*");
            handler = new DynamoDBProxyServer(0, serverHandler).setUpHandler(serverHandler);
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local could not be set up: " + e.getMessage(), e);
        }
    }

    /**
     * DynamoDB Local 3.3.1 formats the names of its SQL tables with the JVM's locale, and fails where digits are not
     * Latin (Arabic in Egypt, Persian). Only the digits of the default locale are changed, for the whole JVM and
     * permanently, because another stack may run in it. Lambda's own locale is en_US.
     */
    private static void useLatinDigits() {
        Locale locale = Locale.getDefault(Locale.Category.FORMAT);
        if (DecimalFormatSymbols.getInstance(locale).getZeroDigit() != '0') {
            Locale.setDefault(
                    Locale.Category.FORMAT,
                    new Locale.Builder()
                            .setLanguageTag(locale.toLanguageTag())
                            .setUnicodeLocaleKeyword("nu", "latn")
                            .build());
        }
    }

    Handler handler() {
        return handler;
    }

    /**
     * Ends its threads, which are not daemons. The thread of its time-to-live job sleeps for ten seconds at a time and
     * ends up to ten seconds later.
     */
    @Override
    public void close() {
        try {
            serverHandler.close();
        } catch (Exception e) {
            LOG.warn("DynamoDB Local did not stop cleanly", e);
        }
    }
}
