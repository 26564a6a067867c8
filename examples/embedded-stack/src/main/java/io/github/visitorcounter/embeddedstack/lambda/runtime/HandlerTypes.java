package io.github.visitorcounter.embeddedstack.lambda.runtime;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The input and output types of a {@link RequestHandler}, resolved through its class hierarchy. An unresolved type is
 * Object, which the serializer reads as maps and lists.
 */
record HandlerTypes(Type input, Type output) {

    static HandlerTypes of(Class<?> handlerClass) {
        HandlerTypes types = find(handlerClass, Map.of());
        return types == null ? new HandlerTypes(Object.class, Object.class) : types;
    }

    /**
     * Searches the supertypes of a type with bound variables for RequestHandler; returns null if it is not implemented.
     */
    private static @Nullable HandlerTypes find(Type type, Map<TypeVariable<?>, Type> bindings) {
        Class<?> raw;
        Map<TypeVariable<?>, Type> inner = new HashMap<>();
        if (type instanceof ParameterizedType parameterized) {
            raw = (Class<?>) parameterized.getRawType();
            Type[] arguments = resolve(parameterized.getActualTypeArguments(), bindings);
            if (raw == RequestHandler.class) {
                return new HandlerTypes(arguments[0], arguments[1]);
            }
            for (int i = 0; i < arguments.length; i++) {
                inner.put(raw.getTypeParameters()[i], arguments[i]);
            }
        } else {
            raw = (Class<?>) type;
        }
        if (!RequestHandler.class.isAssignableFrom(raw)) {
            return null;
        }
        for (Type above : raw.getGenericInterfaces()) {
            HandlerTypes found = find(above, inner);
            if (found != null) {
                return found;
            }
        }
        return raw.getGenericSuperclass() == null ? null : find(raw.getGenericSuperclass(), inner);
    }

    private static Type[] resolve(Type[] types, Map<TypeVariable<?>, Type> bindings) {
        return Arrays.stream(types).map(type -> resolve(type, bindings)).toArray(Type[]::new);
    }

    private static Type resolve(Type type, Map<TypeVariable<?>, Type> bindings) {
        if (type instanceof TypeVariable<?> variable) {
            // Unbound in a raw subclass: the variable's upper bound, at least Object.
            Type bound = variable.getBounds()[0];
            return bindings.getOrDefault(variable, bound instanceof Class<?> ? bound : Object.class);
        }
        if (type instanceof ParameterizedType parameterized) {
            return new Resolved(
                    parameterized.getRawType(),
                    resolve(parameterized.getActualTypeArguments(), bindings),
                    parameterized.getOwnerType());
        }
        return type;
    }

    /** A generic type whose variables have been replaced. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Resolved(
            Type raw, Type[] arguments, @Nullable Type owner) implements ParameterizedType {

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.clone();
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return owner;
        }
    }
}
