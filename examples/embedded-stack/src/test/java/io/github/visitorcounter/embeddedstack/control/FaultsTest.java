package io.github.visitorcounter.embeddedstack.control;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FaultsTest {

    @Test
    void what_is_not_set_is_off() {
        assertThat(Faults.builder().build()).isEqualTo(Faults.NONE);
        assertThat(Faults.builder().post429Ratio(0.05).postLatencyMillis(10).build())
                .isEqualTo(FaultsJson.read("{\"post429Ratio\":0.05,\"postLatencyMillis\":10}"));
    }

    @Test
    void each_setter_sets_its_own_fault() throws ReflectiveOperationException {
        for (RecordComponent component : Faults.class.getRecordComponents()) {
            Object value = component.getType() == int.class ? (Object) 7 : (Object) 0.5;
            Method setter = Faults.Builder.class.getMethod(component.getName(), component.getType());
            Faults faults = ((Faults.Builder) setter.invoke(Faults.builder(), value)).build();

            assertThat(component.getAccessor().invoke(faults))
                    .as(component.getName())
                    .isEqualTo(value);
            assertThat(FaultsJson.write(faults)).contains("\"" + component.getName() + "\":" + value);
            assertThat(FaultsJson.write(faults).replace("\"" + component.getName() + "\":" + value, ""))
                    .doesNotContain(":7", ":0.5");
        }
    }

    @Test
    void all_invalid_values_are_reported() {
        assertThatExceptionOfType(InvalidFaultsException.class)
                .isThrownBy(() -> Faults.builder()
                        .post429Ratio(1.1)
                        .postHangRatio(Double.NaN)
                        .dynamodbLatencyMillis(-1)
                        .build())
                .satisfies(e -> assertThat(e.problems())
                        .containsExactly(
                                "post429Ratio must be a ratio from 0 to 1, not 1.1",
                                "postHangRatio must be a ratio from 0 to 1, not NaN",
                                "dynamodbLatencyMillis must be a whole number of milliseconds from 0, not -1"));
    }
}
