/** What a test or a person steers and reads: the faults to inject, the calls counted, and what they would cost on AWS. */
@NullMarked
package io.github.visitorcounter.embeddedstack.control;

import org.jspecify.annotations.NullMarked;
