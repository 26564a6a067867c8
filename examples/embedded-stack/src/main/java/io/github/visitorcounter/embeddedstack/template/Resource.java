package io.github.visitorcounter.embeddedstack.template;

import java.util.Map;

/**
 * A resource of CloudFormation's own types.
 *
 * @param id its logical id; for those that SAM makes, what templates call them, such as {@code F.Alias}
 * @param kind what the template's author calls it: its type as written
 * @param type CloudFormation's type
 * @param properties its properties, unresolved
 */
record Resource(String id, String kind, String type, Map<String, Object> properties) {}
