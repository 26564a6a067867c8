/** The message format, the policy for stale connections and the reports of broadcasts. */
@NullMarked
package io.github.visitorcounter.broadcast;

import org.jspecify.annotations.NullMarked;
