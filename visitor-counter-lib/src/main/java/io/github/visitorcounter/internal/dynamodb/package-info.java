/** Adapters to DynamoDB: stores, the items they read and write, and their transactions. */
@NullMarked
package io.github.visitorcounter.internal.dynamodb;

import org.jspecify.annotations.NullMarked;
