package io.github.visitorcounter.embeddedstack.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * {@link Faults} as JSON. The record's components are the only list of names: an int is milliseconds, a double a ratio.
 */
final class FaultsJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectReader STRICT = JSON.reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
    private static final List<RecordComponent> COMPONENTS = List.of(Faults.class.getRecordComponents());

    private FaultsJson() {}

    /** Reads faults for the project's side. */
    public static final class Reader implements Function<String, Faults> {

        /** Creates one. */
        public Reader() {}

        @Override
        public Faults apply(String json) {
            return read(json);
        }
    }

    static List<String> names() {
        return COMPONENTS.stream().map(RecordComponent::getName).toList();
    }

    static String write(Faults faults) {
        try {
            return JSON.writeValueAsString(faults);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A record of numbers has a JSON form", impossible);
        }
    }

    /**
     * Reads faults; those that are not named are off.
     *
     * @throws InvalidFaultsException if it is not a JSON object, or for every name that is unknown and value that is
     *     impossible
     */
    static Faults read(String json) {
        JsonNode object;
        try {
            object = STRICT.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidFaultsException(List.of("not JSON: " + e.getOriginalMessage()));
        }
        if (!object.isObject()) {
            throw new InvalidFaultsException(List.of("not a JSON object"));
        }
        List<String> problems = new ArrayList<>();
        object.fieldNames().forEachRemaining(name -> {
            if (!names().contains(name)) {
                problems.add("unknown: " + name);
            }
        });
        Object[] values = COMPONENTS.stream()
                .map(component -> value(component, object.path(component.getName()), problems))
                .toArray();
        if (!problems.isEmpty()) {
            throw new InvalidFaultsException(problems);
        }
        return create(values);
    }

    private static Object value(RecordComponent component, JsonNode value, List<String> problems) {
        boolean millis = component.getType() == int.class;
        if (millis) {
            if (value.isMissingNode()) {
                return 0;
            }
            if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
                problems.add(component.getName() + " must be a whole number of milliseconds from 0, not " + value);
            }
            return value.intValue();
        }
        if (!value.isMissingNode() && !(value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= 1)) {
            problems.add(component.getName() + " must be a ratio from 0 to 1, not " + value);
        }
        return value.doubleValue();
    }

    private static Faults create(Object[] values) {
        Class<?>[] types = COMPONENTS.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return Faults.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Faults could not be made of " + Arrays.toString(values), e);
        }
    }
}
