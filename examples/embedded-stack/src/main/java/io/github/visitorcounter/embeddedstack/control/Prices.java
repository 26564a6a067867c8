package io.github.visitorcounter.embeddedstack.control;

/**
 * What AWS charges, in dollars, without free tiers and volume discounts.
 *
 * @param perMillionMessages WebSocket messages in both directions, each 32 KB begun counts as one
 * @param perMillionConnectionMinutes minutes that WebSocket connections are open
 * @param perMillionInvocations Lambda requests
 * @param perGigabyteSecond Lambda compute time
 * @param perMillionReadUnits DynamoDB on demand
 * @param perMillionWriteUnits DynamoDB on demand
 * @since 0.1.0
 */
public record Prices(
        double perMillionMessages,
        double perMillionConnectionMinutes,
        double perMillionInvocations,
        double perGigabyteSecond,
        double perMillionReadUnits,
        double perMillionWriteUnits) {

    /** List prices of us-east-1 in 2026; Lambda on arm64. */
    public static final Prices US_EAST_1 = new Prices(1.00, 0.25, 0.20, 0.0000133334, 0.125, 0.625);
}
