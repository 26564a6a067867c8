package io.github.visitorcounter.embeddedstack.access;

/**
 * An action that a function performed on a resource, as its policy must allow it.
 *
 * @param function the function's name
 * @param action for instance {@code dynamodb:PutItem}; a transaction counts as the actions of its parts, as in IAM
 * @param resource an ARN; connections are all {@code @connections/*}
 * @since 0.1.0
 */
public record Access(String function, String action, String resource) implements Comparable<Access> {

    /** By function, action and resource. */
    @Override
    public int compareTo(Access other) {
        return toString().compareTo(other.toString());
    }

    /** {@code function: action on resource}. */
    @Override
    public String toString() {
        return function + ": " + action + " on " + resource;
    }
}
