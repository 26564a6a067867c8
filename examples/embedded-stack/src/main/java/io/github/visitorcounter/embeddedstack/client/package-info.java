/** A WebSocket client for tests, which waits for messages. It needs only the JDK. */
@NullMarked
package io.github.visitorcounter.embeddedstack.client;

import org.jspecify.annotations.NullMarked;
