package io.github.visitorcounter.embeddedstack.control;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FaultsJsonTest {

    @Test
    void named_faults_are_set_and_the_others_are_off() {
        Faults faults = FaultsJson.read("{\"postLatencyMillis\":250,\"post410Ratio\":0.25,\"post429Ratio\":1}");

        assertThat(faults.postLatencyMillis()).isEqualTo(250);
        assertThat(faults.post410Ratio()).isEqualTo(0.25);
        assertThat(faults.post429Ratio()).isEqualTo(1);
        assertThat(faults.post500Ratio()).isZero();
    }

    @Test
    void an_empty_object_clears_all() {
        assertThat(FaultsJson.read("{}")).isEqualTo(Faults.NONE);
    }

    @Test
    void what_is_written_can_be_read() {
        Faults faults = FaultsJson.read("{\"dynamodbLatencyMillis\":7,\"failBatchRatio\":0.125}");

        assertThat(FaultsJson.read(FaultsJson.write(faults))).isEqualTo(faults);
    }

    @Test
    void all_problems_are_reported_at_once() {
        assertThat(problems("{\"post411Ratio\":0.5,\"post410Ratio\":1.5,\"post429Ratio\":-0.1,\"post500Ratio\":\"1\","
                        + "\"postLatencyMillis\":-1,\"dynamodbLatencyMillis\":1.5,\"delayDisconnectMillis\":null}"))
                .containsExactlyInAnyOrder(
                        "unknown: post411Ratio",
                        "post410Ratio must be a ratio from 0 to 1, not 1.5",
                        "post429Ratio must be a ratio from 0 to 1, not -0.1",
                        "post500Ratio must be a ratio from 0 to 1, not \"1\"",
                        "postLatencyMillis must be a whole number of milliseconds from 0, not -1",
                        "dynamodbLatencyMillis must be a whole number of milliseconds from 0, not 1.5",
                        "delayDisconnectMillis must be a whole number of milliseconds from 0, not null");
    }

    @Test
    void anything_but_one_object_is_rejected() {
        assertThat(problems("[]")).containsExactly("not a JSON object");
        assertThat(problems("")).containsExactly("not a JSON object");
        assertThat(problems("{} {}")).singleElement().asString().startsWith("not JSON: ");
        assertThat(problems("{\"post410Ratio\":0,\"post410Ratio\":1}"))
                .singleElement()
                .asString()
                .contains("Duplicate");
    }

    private static List<String> problems(String json) {
        List<String> problems = new java.util.ArrayList<>();
        assertThatExceptionOfType(InvalidFaultsException.class)
                .isThrownBy(() -> FaultsJson.read(json))
                .satisfies(e -> problems.addAll(e.problems()));
        return problems;
    }
}
