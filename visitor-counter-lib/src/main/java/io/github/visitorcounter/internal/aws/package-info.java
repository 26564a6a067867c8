/** Adapters to API Gateway, Lambda and CloudWatch; clients, time limits and retries of the AWS SDK. */
@NullMarked
package io.github.visitorcounter.internal.aws;

import org.jspecify.annotations.NullMarked;
