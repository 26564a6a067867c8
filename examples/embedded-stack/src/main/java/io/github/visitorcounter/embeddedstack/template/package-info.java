/**
 * Reads a CloudFormation or SAM template into an embedded stack. A template passes through the classes in this order:
 * {@code TemplateFile} (text), {@code SamExpansion} (SAM's types become CloudFormation's), {@code Parameters} and
 * {@code Intrinsics} (values), and one reader for each kind of resource. {@code UnsupportedResources} lists what no
 * reader has read.
 */
@NullMarked
package io.github.visitorcounter.embeddedstack.template;

import org.jspecify.annotations.NullMarked;
