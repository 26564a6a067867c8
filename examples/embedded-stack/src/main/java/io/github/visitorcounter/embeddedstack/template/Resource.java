package io.github.visitorcounter.embeddedstack.template;

import java.util.Map;

/**
 * A resource of CloudFormation's own types.
 *
 * @param id its logical id; for those that SAM creates, the reference in templates, such as {@code F.Alias}
 * @param kind its type as written in the template
 * @param type CloudFormation's type
 * @param properties its properties, unresolved
 */
record Resource(String id, String kind, String type, Map<String, Object> properties) {}
