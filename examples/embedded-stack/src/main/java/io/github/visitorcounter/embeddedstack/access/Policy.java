package io.github.visitorcounter.embeddedstack.access;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The permissions of a role: the union of its statements. Immutable. Not emulated: {@code Deny}, {@code NotAction},
 * {@code NotResource} and conditions.
 *
 * @param statements the allowed actions and resources
 * @since 0.1.0
 */
public record Policy(List<Statement> statements) {

    /** Copies the list. */
    public Policy {
        statements = List.copyOf(statements);
    }

    /**
     * Allows actions on resources.
     *
     * @param actions for instance {@code dynamodb:PutItem}, with {@code *} and {@code ?} as in IAM
     * @param resources ARNs, with {@code *} and {@code ?} as in IAM
     */
    public record Statement(List<String> actions, List<String> resources) {

        /** Copies the lists. */
        public Statement {
            actions = List.copyOf(actions);
            resources = List.copyOf(resources);
        }

        /**
         * Returns whether this statement allows an action on a resource.
         *
         * @param action for instance {@code dynamodb:PutItem}
         * @param resource an ARN
         */
        public boolean matches(String action, String resource) {
            // In IAM, resources are case-sensitive and actions are not.
            return actions.stream().anyMatch(pattern -> Policy.matches(pattern, action, Pattern.CASE_INSENSITIVE))
                    && resources.stream().anyMatch(pattern -> Policy.matches(pattern, resource, 0));
        }
    }

    /**
     * Returns whether an action is allowed.
     *
     * @param action for instance {@code dynamodb:PutItem}
     * @param resource an ARN
     */
    public boolean allows(String action, String resource) {
        return statements.stream().anyMatch(statement -> statement.matches(action, resource));
    }

    private static boolean matches(String pattern, String text, int flags) {
        String regex = pattern.codePoints()
                .mapToObj(character -> switch (character) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(character));
                })
                .collect(Collectors.joining());
        return Pattern.compile(regex, flags).matcher(text).matches();
    }
}
