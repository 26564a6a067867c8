/** Faults to inject, and statistics of calls with their estimated cost on AWS. */
@NullMarked
package io.github.visitorcounter.embeddedstack.control;

import org.jspecify.annotations.NullMarked;
