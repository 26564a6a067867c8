package io.github.visitorcounter.demo;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** Compiles code of the documentation, with the library on the class path. */
final class ExampleCode {

    private static final Pattern PUBLIC_CLASS = Pattern.compile("^(?:public )?class (\\w+)", Pattern.MULTILINE);

    private ExampleCode() {}

    /**
     * Compiles classes; fails with the compiler's messages.
     *
     * @param sources each one compilation unit
     * @param folder where the class files go
     */
    static void compile(List<String> sources, Path folder) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of(
                                "-d",
                                folder.toString(),
                                "-proc:none",
                                "--release",
                                "17",
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        sources.stream().map(ExampleCode::file).toList())
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }

    private static JavaFileObject file(String source) {
        Matcher name = PUBLIC_CLASS.matcher(source);
        assertThat(name.find()).as("a class in: " + source).isTrue();
        URI uri = URI.create("string:///" + name.group(1) + ".java");
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }
}
