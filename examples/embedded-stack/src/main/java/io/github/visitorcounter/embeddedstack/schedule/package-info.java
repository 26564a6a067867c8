/** EventBridge schedules, which invoke functions at a rate. */
@NullMarked
package io.github.visitorcounter.embeddedstack.schedule;

import org.jspecify.annotations.NullMarked;
