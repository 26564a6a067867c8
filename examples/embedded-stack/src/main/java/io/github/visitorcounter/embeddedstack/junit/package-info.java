/** JUnit 5 and 6: starts a stack for a test class. Only this package needs JUnit. */
@NullMarked
package io.github.visitorcounter.embeddedstack.junit;

import org.jspecify.annotations.NullMarked;
