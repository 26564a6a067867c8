/**
 * Runs functions as Lambda does: initialised once, one invocation at a time in each instance, and Lambda's Invoke API.
 */
@NullMarked
package io.github.visitorcounter.embeddedstack.lambda;

import org.jspecify.annotations.NullMarked;
