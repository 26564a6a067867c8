package io.github.visitorcounter.embeddedstack.lambda;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import io.github.visitorcounter.embeddedstack.isolation.Isolation;
import io.github.visitorcounter.embeddedstack.lambda.runtime.HandlerFactory;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Loads a function's classes, so that each function has its own static fields, AWS SDK, logging and environment. Only
 * the JDK, Lambda's interfaces and the AWS Common Runtime, whose native library can be loaded only once, are shared
 * with the stack.
 */
final class FunctionClassLoader extends URLClassLoader {

    private static final List<String> JDK =
            List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "org.w3c.dom.", "org.xml.sax.", "org.ietf.jgss.");
    private static final List<String> SHARED = List.of("software.amazon.awssdk.crt.");
    private static final String LAMBDA_CORE = "com.amazonaws.services.lambda.runtime.";
    private static final String LAMBDA_CORE_LOGGING = LAMBDA_CORE + "logging.";
    private static final ClassLoader STACK = FunctionClassLoader.class.getClassLoader();

    static {
        registerAsParallelCapable();
    }

    /**
     * Creates a loader without classes.
     *
     * @param name shown in stack traces
     * @param classPath jars and directories; empty for the class path that the stack itself was loaded from
     */
    FunctionClassLoader(String name, List<Path> classPath) {
        super(name, urls(classPath), ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                loaded = findAnew(name);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    private Class<?> findAnew(String name) throws ClassNotFoundException {
        if (JDK.stream().anyMatch(name::startsWith)) {
            return super.loadClass(name, false);
        }
        if (isShared(name)) {
            try {
                return STACK.loadClass(name);
            } catch (ClassNotFoundException onlyTheFunctionHasIt) {
                return findClass(name);
            }
        }
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) {
            return super.loadClass(name, false);
        }
    }

    /** Lambda's core package only: events and serializer are loaded for each function. */
    private static boolean isShared(String name) {
        int simpleName = name.lastIndexOf('.') + 1;
        return SHARED.stream().anyMatch(name::startsWith)
                || (name.startsWith(LAMBDA_CORE) && simpleName == LAMBDA_CORE.length())
                || (name.startsWith(LAMBDA_CORE_LOGGING) && simpleName == LAMBDA_CORE_LOGGING.length());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        URL resource = findResource(file);
        if (resource == null) {
            throw new ClassNotFoundException(name);
        }
        try {
            URLConnection connection = resource.openConnection();
            connection.setUseCaches(false); // The cache would keep the jar open after this loader is closed.
            byte[] classFile;
            try (InputStream in = connection.getInputStream()) {
                classFile = FunctionClassRewriter.rewrite(in.readAllBytes());
            }
            CodeSource source = new CodeSource(origin(resource, file), (Certificate[]) null);
            return defineClass(name, classFile, 0, classFile.length, new ProtectionDomain(source, null, this, null));
        } catch (IOException e) {
            throw new ClassNotFoundException(name + " could not be read from " + resource, e);
        }
    }

    /** Returns the jar or directory of a class. */
    private static URL origin(URL resource, String file) {
        String address = resource.toString();
        String container = address.substring(0, address.length() - file.length());
        if (container.startsWith("jar:") && container.endsWith("!/")) {
            container = container.substring("jar:".length(), container.length() - "!/".length());
        }
        return url(URI.create(container));
    }

    private static URL[] urls(List<Path> classPath) {
        Set<URI> places = new LinkedHashSet<>();
        if (!classPath.isEmpty()) {
            classPath.forEach(path -> places.add(path.toUri()));
        } else if (Isolation.project() instanceof URLClassLoader loader) {
            for (URL url : loader.getURLs()) { // Started by a tool such as exec:java.
                places.add(URI.create(url.toString()));
            }
        } else {
            for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                places.add(Path.of(path).toUri());
            }
        }
        // The stack's classes on the function's side, and the serializer, which is part of Lambda's runtime.
        places.add(origin(HandlerFactory.class));
        places.add(origin(PojoSerializer.class));
        return places.stream().map(FunctionClassLoader::url).toArray(URL[]::new);
    }

    private static URI origin(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IllegalStateException("It is not known where " + type.getName() + " was loaded from");
        }
        return URI.create(source.getLocation().toString());
    }

    private static URL url(URI location) {
        try {
            return location.toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(location + " cannot be on a class path", e);
        }
    }
}
