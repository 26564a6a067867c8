package io.github.visitorcounter.localstack.control;

import java.util.List;

/** Thrown when a description of faults has unknown names or impossible values. */
final class InvalidFaultsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    InvalidFaultsException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    List<String> problems() {
        return problems;
    }
}
