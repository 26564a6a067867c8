/** The static files of the page. */
@NullMarked
package io.github.visitorcounter.localstack.site;

import org.jspecify.annotations.NullMarked;
