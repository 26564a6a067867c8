/** Amazon's DynamoDB Local behind a loopback server that injects faults and counts calls and capacity. */
@NullMarked
package io.github.visitorcounter.embeddedstack.dynamodb;

import org.jspecify.annotations.NullMarked;
