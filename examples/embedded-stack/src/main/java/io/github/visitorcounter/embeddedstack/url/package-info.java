/** Lambda function URLs. */
@NullMarked
package io.github.visitorcounter.embeddedstack.url;

import org.jspecify.annotations.NullMarked;
