/** What the functions do to the rest of the stack, in IAM's words, and whether their roles allow it. */
@NullMarked
package io.github.visitorcounter.embeddedstack.access;

import org.jspecify.annotations.NullMarked;
