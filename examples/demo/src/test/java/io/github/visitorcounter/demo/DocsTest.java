package io.github.visitorcounter.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The documentation refers to existing files and tests, and its code runs. */
class DocsTest {

    /** The folders of sources, without build output. */
    private static final Set<String> SKIPPED = Set.of("target", "node_modules", ".git", "cdk.out", ".aws-sam");

    private static final Pattern TEST_NAME = Pattern.compile("`(\\w+(?:Test|IT|Contract)|[\\w.-]+\\.test\\.js)`");

    @TempDir
    private Path folder;

    @Test
    void links_refer_to_existing_files_and_headings() throws IOException {
        List<String> broken = new ArrayList<>();
        for (MarkdownPage page : pages()) {
            for (String link : page.localLinks()) {
                if (!leadsSomewhere(page, link)) {
                    broken.add(page.file() + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(MarkdownPage page, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path parent = page.file().getParent();
        Path target = path.isEmpty()
                ? page.file()
                : (parent == null ? Path.of("") : parent).resolve(path).normalize();
        if (!Files.exists(MarkdownPage.ROOT.resolve(target))) {
            return false;
        }
        return hash < 0 || MarkdownPage.read(target).anchors().contains(link.substring(hash + 1));
    }

    @Test
    void the_tests_that_prove_promises_exist() throws IOException {
        Set<String> named = TEST_NAME
                .matcher(MarkdownPage.read(Path.of("docs/testing.md")).text())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).hasSizeGreaterThan(40);
        assertThat(testFiles()).containsAll(named);
    }

    @Test
    void the_unit_test_of_a_handler_runs() throws Exception {
        List<String> examples = MarkdownPage.read(Path.of("docs/java.md")).blocks("java");
        ExampleCode.compile(examples, folder);

        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            Class<?> type = loader.loadClass("com.example.SiteConnectHandlerTest");
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            for (String name : List.of("countsPages", "rejectsCrawlers")) {
                Method test = type.getDeclaredMethod(name);
                test.setAccessible(true);
                test.invoke(constructor.newInstance());
            }
        }
    }

    private static Set<String> testFiles() throws IOException {
        return files().map(Path::getFileName)
                .map(Path::toString)
                .map(name -> name.replaceFirst("\\.java$", ""))
                .collect(Collectors.toSet());
    }

    private static List<MarkdownPage> pages() throws IOException {
        List<MarkdownPage> pages = new ArrayList<>();
        for (Path file : files().filter(path -> path.toString().endsWith(".md")).toList()) {
            pages.add(MarkdownPage.read(file));
        }
        assertThat(pages).hasSizeGreaterThan(15);
        return pages;
    }

    /** The files of the repository, relative to its root. */
    private static Stream<Path> files() throws IOException {
        try (Stream<Path> paths = Files.walk(MarkdownPage.ROOT)) {
            return paths
                    .filter(Files::isRegularFile)
                    .map(MarkdownPage.ROOT::relativize)
                    .filter(path -> Stream.of(path.toString().replace('\\', '/').split("/"))
                            .noneMatch(SKIPPED::contains))
                    .toList()
                    .stream();
        }
    }
}
