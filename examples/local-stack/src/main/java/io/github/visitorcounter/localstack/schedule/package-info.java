/** EventBridge's schedules: they invoke functions at a rate. */
@NullMarked
package io.github.visitorcounter.localstack.schedule;

import org.jspecify.annotations.NullMarked;
