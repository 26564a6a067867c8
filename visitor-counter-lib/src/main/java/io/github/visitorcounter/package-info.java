/**
 * Lambda handlers for a real-time visitor counter behind an API Gateway WebSocket API.
 *
 * <p>{@link io.github.visitorcounter.ConnectHandler} and {@link io.github.visitorcounter.DisconnectHandler} count connections, {@link
 * io.github.visitorcounter.StreamBroadcastHandler} broadcasts the newest count, {@link io.github.visitorcounter.MessageHandler} answers
 * pages that ask for it, {@link io.github.visitorcounter.ReconcileHandler} repairs counters. Name them in a template as they stand, or
 * extend them and override their hooks.
 *
 * <h2>Instances and threads</h2>
 *
 * <p>Lambda creates one instance of a handler for each execution environment and hands it one event at a time. A handler is not safe
 * for use by several threads. Its hooks run on the thread that Lambda calls the handler with, one after another.
 *
 * <h2>What hooks may throw</h2>
 *
 * <p>A handler catches whatever a hook throws, also checked exceptions (Kotlin, Lombok) and errors such as {@link
 * java.lang.NoClassDefFoundError}, and logs it. Each hook's documentation says what happens then. Only a {@link
 * java.lang.VirtualMachineError} ends the invocation, because nothing is certain after it.
 *
 * <h2>Creating a handler</h2>
 *
 * <p>A constructor checks the settings and throws {@link io.github.visitorcounter.InvalidConfigurationException} if one is missing or
 * wrong. It reads no region and no credentials outside Lambda: the clients of AWS are built at first use. In Lambda it builds them
 * during initialization.
 *
 * <h2>SnapStart</h2>
 *
 * <p>Where Lambda takes a snapshot of the function, each handler but {@link io.github.visitorcounter.ReconcileHandler} is primed before
 * it, unless its ports were given to it: it does its work once, about a connection and a counter that cannot exist, with the
 * function's tables and permissions. Priming writes nothing, calls no hook, leaves no connection open, and takes at most ten seconds,
 * or a minute while permissions are missing. When it fails, that is logged, and the first invocation is slower.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html">Lambda SnapStart</a>
 */
@NullMarked
package io.github.visitorcounter;

import org.jspecify.annotations.NullMarked;
