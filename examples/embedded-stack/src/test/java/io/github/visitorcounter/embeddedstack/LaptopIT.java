package io.github.visitorcounter.embeddedstack;

import io.github.visitorcounter.embeddedstack.chat.LaptopMain;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** The stack runs behind a proxy that does not answer, and in any locale. */
@Timeout(240)
@Tag("slow")
class LaptopIT {

    private static final String DEAD_PROXY = "http://127.0.0.1:9";

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The JVM's proxy settings without an exception for loopback; and another alphabet.
                "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9"
                        + " -Dhttp.nonProxyHosts=*.example -Duser.language=tr -Duser.country=TR",
                // Digits of another script.
                "-Duser.language=ar -Duser.country=EG"
            })
    void a_chat_works(String options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LaptopMain.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        for (String variable : List.of("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")) {
            builder.environment().put(variable, DEAD_PROXY);
        }
        Process process = builder.start();
        try {
            String output = read(process);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
