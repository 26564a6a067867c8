package io.github.visitorcounter.embeddedstack.lambda.handlers;

import com.amazonaws.services.lambda.runtime.RequestHandler;

import java.util.List;

/** The middle of a hierarchy: its own variable is only part of the event's type. */
public abstract class ListHandler<E, R> implements RequestHandler<List<E>, R> {}
