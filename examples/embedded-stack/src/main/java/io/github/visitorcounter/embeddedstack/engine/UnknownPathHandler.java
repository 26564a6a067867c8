package io.github.visitorcounter.embeddedstack.engine;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers requests for unknown paths: 404 if the stack has a site, otherwise 403 {@code Forbidden}, as API Gateway does
 * for an unknown stage.
 */
final class UnknownPathHandler extends Handler.Abstract.NonBlocking {

    private final int status;

    UnknownPathHandler(boolean hasSite) {
        this.status = hasSite ? HttpStatus.NOT_FOUND_404 : HttpStatus.FORBIDDEN_403;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        ErrorAnswers.write(status, response, callback);
        return true;
    }
}
