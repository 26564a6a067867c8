package io.github.visitorcounter.internal.dynamodb;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** What counts as one address: an IPv4 address, or the /64 of an IPv6 address, of which a customer has 2⁶⁴ to choose from. */
public final class IpPrefix {

    private IpPrefix() {}

    /**
     * Finds the block of an address.
     *
     * @param address an address as API Gateway writes it
     * @return the block; the text itself when it is no IPv6 address
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
        } catch (UnknownHostException noAddress) {
            return address;
        }
    }

    /** Nothing else is given to the JDK's parser: it would ask a name server for what it takes for a name. */
    private static boolean isIpv6(String address) {
        return address.indexOf(':') >= 0 && address.chars().allMatch(IpPrefix::isOfAnAddress);
    }

    private static boolean isOfAnAddress(int character) {
        return "0123456789abcdefABCDEF:.".indexOf(character) >= 0;
    }
}
