package io.github.visitorcounter.embeddedstack.lambda;

/**
 * The format of what a function logs: {@code LoggingConfig.LogFormat}.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">log formats</a>
 * @since 0.1.0
 */
public enum LogFormat {
    /** Lines as the function writes them. */
    TEXT,
    /** JSON objects. */
    JSON
}
