/** Event source mappings: polls the streams of tables and invokes functions with batches of records. */
@NullMarked
package io.github.visitorcounter.embeddedstack.stream;

import org.jspecify.annotations.NullMarked;
