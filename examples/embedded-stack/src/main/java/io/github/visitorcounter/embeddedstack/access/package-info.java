/** IAM: the actions of functions on the rest of the stack, and the policies that allow them. */
@NullMarked
package io.github.visitorcounter.embeddedstack.access;

import org.jspecify.annotations.NullMarked;
