package io.github.visitorcounter.internal.dynamodb;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * The part of an IP address that the rate limit counts: the whole IPv4 address, or the /64 prefix of an IPv6 address,
 * because one customer can use all 2⁶⁴ addresses of a /64.
 */
public final class IpPrefix {

    private IpPrefix() {}

    /**
     * Returns the prefix of an address.
     *
     * @param address an address as API Gateway writes it
     * @return the prefix; the argument itself if it is not an IPv6 address
     */
    public static String of(String address) {
        if (!isIpv6(address)) {
            return address;
        }
        try {
            InetAddress parsed = InetAddress.getByName(address);
            return parsed instanceof Inet4Address
                    ? parsed.getHostAddress()
                    : Long.toHexString(ByteBuffer.wrap(parsed.getAddress()).getLong()) + "::/64";
        } catch (UnknownHostException notAnAddress) {
            return address;
        }
    }

    /** Keeps host names from the JDK's parser, which would resolve them through DNS. */
    private static boolean isIpv6(String address) {
        return address.indexOf(':') >= 0 && address.chars().allMatch(IpPrefix::isAddressCharacter);
    }

    private static boolean isAddressCharacter(int character) {
        return "0123456789abcdefABCDEF:.".indexOf(character) >= 0;
    }
}
