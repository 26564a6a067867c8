/** Connections, and the events of the WebSocket API that open, use and close them. */
@NullMarked
package io.github.visitorcounter.connection;

import org.jspecify.annotations.NullMarked;
