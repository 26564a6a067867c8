/**
 * Unit tests of classes that extend the library's handlers, without AWS:
 *
 * <pre>{@code
 * InMemoryAws aws = new InMemoryAws(config);
 * SiteConnectHandler handler = new SiteConnectHandler(config, aws.ports());
 * TestResponse response = aws.invoke(handler, TestEvent.connect("c1").withHeader("User-Agent", "examplebot/1.0"));
 * assertEquals(403, response.statusCode());
 * assertEquals(0, aws.count("site").live());
 * }</pre>
 *
 * <p>The in-memory stores pass the same contract suites as the library's DynamoDB adapters. To test permissions, event
 * source mappings, timeouts or a real page, use the embedded stack.
 */
@NullMarked
package io.github.visitorcounter.testing;

import org.jspecify.annotations.NullMarked;
