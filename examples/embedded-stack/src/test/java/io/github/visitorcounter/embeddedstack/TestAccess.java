package io.github.visitorcounter.embeddedstack;

import io.github.visitorcounter.embeddedstack.access.AccessControl;

import java.util.Map;

/** Access control for tests of parts without functions. */
public final class TestAccess {

    public static final AccessControl OPEN = new AccessControl("000000000000", Map.of());

    private TestAccess() {}
}
