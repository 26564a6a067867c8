/** The static files of the page. */
@NullMarked
package io.github.visitorcounter.embeddedstack.site;

import org.jspecify.annotations.NullMarked;
