package io.github.visitorcounter.embeddedstack.access;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records the actions of functions, and rejects actions that their policies do not allow. Requests that were not signed
 * by a function of this stack are allowed. Thread-safe.
 *
 * @since 0.1.0
 */
public final class AccessControl {

    private final String accountId;
    private final Map<String, Optional<Policy>> policies;
    private final Map<String, String> functionsByKey = new HashMap<>();
    /** The recorded actions; a recorded action is known to be allowed. */
    private final Set<Access> accesses = ConcurrentHashMap.newKeySet();

    /**
     * Creates an access control without recorded actions.
     *
     * @param accountId as it appears in messages
     * @param policies the policy of each function, by its name; functions without a policy may do everything
     */
    public AccessControl(String accountId, Map<String, Optional<Policy>> policies) {
        this.accountId = accountId;
        this.policies = Map.copyOf(policies);
        policies.keySet().forEach(function -> functionsByKey.put(AccessKeys.of(function), function));
    }

    /**
     * An action on a resource.
     *
     * @param action for instance {@code dynamodb:PutItem}
     * @param resource an ARN
     */
    public record Attempt(String action, String resource) {}

    /**
     * Checks a request, and records its actions if all are allowed.
     *
     * @param request identifies the calling function by its access key
     * @param attempts all actions of the request
     * @return AWS's error message for the first action that is not allowed, or null if all are allowed
     */
    public @Nullable String rejection(Request request, List<Attempt> attempts) {
        String key = AccessKeys.signedWith(request.getHeaders().get(HttpHeader.AUTHORIZATION));
        String function = key == null ? null : functionsByKey.get(key);
        if (function == null) {
            return null;
        }
        List<Access> wanted = attempts.stream()
                .map(attempt -> new Access(function, attempt.action(), attempt.resource()))
                .toList();
        for (Access access : wanted) {
            if (!accesses.contains(access) && !allows(access)) {
                return "User: arn:aws:sts::" + accountId + ":assumed-role/" + function + "/" + function
                        + " is not authorized to perform: " + access.action() + " on resource: " + access.resource()
                        + " because no identity-based policy allows the " + access.action() + " action";
            }
        }
        accesses.addAll(wanted);
        return null;
    }

    private boolean allows(Access access) {
        return policies.getOrDefault(access.function(), Optional.empty())
                .map(policy -> policy.allows(access.action(), access.resource()))
                .orElse(true);
    }

    /** The distinct actions recorded so far. */
    public Set<Access> accesses() {
        return Collections.unmodifiableSet(new TreeSet<>(accesses));
    }
}
