/**
 * Lambda handlers for a real-time visitor counter behind an API Gateway WebSocket API.
 *
 * <p>{@link io.github.visitorcounter.ConnectHandler} counts a connection, {@link io.github.visitorcounter.StreamBroadcastHandler}
 * sends the count to every page, {@link io.github.visitorcounter.DisconnectHandler} removes the connection, {@link
 * io.github.visitorcounter.MessageHandler} answers messages of pages, and {@link io.github.visitorcounter.ReconcileHandler} repairs
 * the counters. Name them in a template as they are, or extend them.
 */
@NullMarked
package io.github.visitorcounter;

import org.jspecify.annotations.NullMarked;
