package io.github.visitorcounter.embeddedstack.isolation;

import java.net.URL;
import java.net.URLClassLoader;

/** Loads the stack's own side from its own jars only, except the JDK and {@link Shared} types. */
final class StackClassLoader extends URLClassLoader {

    private final ClassLoader project;

    static {
        registerAsParallelCapable();
    }

    StackClassLoader(URL[] ownJars, ClassLoader project) {
        super("embedded-stack", ownJars, ClassLoader.getPlatformClassLoader());
        this.project = project;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return Shared.contains(name) ? project.loadClass(name) : super.loadClass(name, resolve);
    }
}
