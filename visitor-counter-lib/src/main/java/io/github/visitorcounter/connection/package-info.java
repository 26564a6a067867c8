/**
 * Who is here: the visitors' connections, and the events that open and close them.
 */
@NullMarked
package io.github.visitorcounter.connection;

import org.jspecify.annotations.NullMarked;
