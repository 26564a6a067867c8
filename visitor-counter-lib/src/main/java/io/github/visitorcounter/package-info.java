/**
 * Lambda handlers for a real-time visitor counter behind an API Gateway WebSocket API.
 *
 * <p>{@link io.github.visitorcounter.ConnectHandler} counts a visitor in, {@link
 * io.github.visitorcounter.StreamBroadcastHandler} tells everyone, {@link io.github.visitorcounter.DisconnectHandler} counts
 * the visitor out, {@link io.github.visitorcounter.ReconcileHandler} heals what went wrong. Name them in a template as they stand,
 * or extend them.
 */
@NullMarked
package io.github.visitorcounter;

import org.jspecify.annotations.NullMarked;
