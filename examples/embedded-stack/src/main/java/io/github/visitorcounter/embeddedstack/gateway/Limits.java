package io.github.visitorcounter.embeddedstack.gateway;

/** API Gateway's quotas that can't be raised. */
final class Limits {

    static final int MESSAGE_BYTES = 128 * 1024;
    static final int FRAME_BYTES = 32 * 1024;

    private Limits() {}
}
