/**
 * Lambda handlers for a real-time visitor counter behind an API Gateway WebSocket API.
 *
 * <p>{@link io.github.visitorcounter.ConnectHandler} and {@link io.github.visitorcounter.DisconnectHandler} count
 * connections, {@link io.github.visitorcounter.StreamBroadcastHandler} broadcasts the newest count,
 * {@link io.github.visitorcounter.MessageHandler} answers messages of pages,
 * {@link io.github.visitorcounter.CountHandler} answers requests for a count over HTTP, and
 * {@link io.github.visitorcounter.ReconcileHandler} repairs counters. Use them in a template as they are, or extend
 * them and override their hooks.
 *
 * <h2>Instances and threads</h2>
 *
 * <p>Lambda creates one instance of a handler for each execution environment and passes it one event at a time. A
 * handler is not thread-safe. Its hooks run on the thread on which Lambda calls the handler, one after another.
 *
 * <h2>Exceptions of hooks</h2>
 *
 * <p>A handler catches and logs everything that a hook throws, including checked exceptions (Kotlin, Lombok) and errors
 * such as {@link java.lang.NoClassDefFoundError}. Each hook documents the consequence. Only a
 * {@link java.lang.VirtualMachineError} ends the invocation, because the process may be in an undefined state.
 *
 * <h2>Creating a handler</h2>
 *
 * <p>A constructor checks the settings and throws {@link io.github.visitorcounter.InvalidConfigurationException} if one
 * is missing or invalid. Outside Lambda it reads no region and no credentials: the AWS clients are built at first use.
 * In Lambda they are built during initialization.
 *
 * <h2>SnapStart</h2>
 *
 * <p>If SnapStart is enabled, each handler except {@link io.github.visitorcounter.ReconcileHandler} is primed before
 * the snapshot, unless it was created with ports: it runs once with a connection and a counter that cannot exist, using
 * the function's tables and permissions. Priming writes nothing, calls no hook, leaves no connection open, and takes at
 * most ten seconds, or a minute while permissions are missing. If it fails, the failure is logged, and the first
 * invocation is slower.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html">Lambda SnapStart</a>
 */
@NullMarked
package io.github.visitorcounter;

import org.jspecify.annotations.NullMarked;
