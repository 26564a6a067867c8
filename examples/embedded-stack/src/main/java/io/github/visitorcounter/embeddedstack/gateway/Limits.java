package io.github.visitorcounter.embeddedstack.gateway;

/** API Gateway's quotas that can't be raised. */
final class Limits {

    static final int MESSAGE_BYTES = 128 * 1024;
    static final int FRAME_BYTES = 32 * 1024;
    static final int URL_CHARACTERS = 4096;
    /** AWS documents this limit for REST and HTTP APIs only. */
    static final int HEADER_VALUE_BYTES = 10_240;

    private Limits() {}
}
