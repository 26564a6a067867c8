/** An API Gateway WebSocket API: connections, routes, and the {@code @connections} management API. */
@NullMarked
package io.github.visitorcounter.embeddedstack.gateway;

import org.jspecify.annotations.NullMarked;
