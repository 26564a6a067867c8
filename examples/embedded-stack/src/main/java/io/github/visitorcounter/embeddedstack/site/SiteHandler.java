package io.github.visitorcounter.embeddedstack.site;

import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.content.HttpContent;
import org.eclipse.jetty.http.content.ResourceHttpContentFactory;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves the static files of a page; edits are visible after a reload.
 *
 * @since 0.1.0
 */
public final class SiteHandler extends ResourceHandler {

    /**
     * Creates the handler.
     *
     * @param roots folders, on disk ({@code file:}) or in a jar ({@code jar:}); each file is served from the first
     *     folder that contains it
     * @param welcomeFile the file shown at the root and in folders
     * @throws IllegalArgumentException if there are none, or one does not exist; the message lists all missing folders
     */
    public SiteHandler(List<URI> roots, String welcomeFile) {
        if (roots.isEmpty()) {
            throw new IllegalArgumentException("The site needs at least one folder");
        }
        ResourceFactory resources = ResourceFactory.of(this);
        List<Resource> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (URI root : roots) {
            Resource resource = resources.newResource(root);
            if (resource == null || !resource.isDirectory()) {
                missing.add(root.toString());
            } else {
                found.add(resource);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("The site has no folder at " + String.join(", ", missing));
        }
        setBaseResource(ResourceFactory.combine(found));
        setWelcomeFiles(welcomeFile);
        setDirAllowed(false);
        setEtags(true);
        setCacheControl("no-cache");
    }

    /** Passes on all other requests than reads, which Jetty would answer, because a function URL may handle them. */
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        boolean reads = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        return reads && super.handle(request, response, callback);
    }

    /** Without Jetty's cache, which would serve the old content of an edited file. */
    @Override
    protected HttpContent.Factory newHttpContentFactory(ByteBufferPool.Sized bufferPool) {
        return new ResourceHttpContentFactory(getBaseResource(), getMimeTypes(), bufferPool);
    }
}
