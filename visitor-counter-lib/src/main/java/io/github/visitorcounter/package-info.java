/** What a user meets. */
@NullMarked
package io.github.visitorcounter;

import org.jspecify.annotations.NullMarked;
