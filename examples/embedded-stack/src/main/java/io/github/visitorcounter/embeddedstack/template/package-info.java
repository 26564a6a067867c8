/**
 * Reads a CloudFormation or SAM template into an embedded stack. A template passes through the classes in this order: {@code
 * TemplateFile} (text), {@code SamExpansion} (SAM's types become CloudFormation's), {@code Parameters} and {@code Intrinsics}
 * (values), and one reader for each kind of resource that the stack has. What no reader asked for is {@code UnsupportedResources}.
 */
@NullMarked
package io.github.visitorcounter.embeddedstack.template;

import org.jspecify.annotations.NullMarked;
