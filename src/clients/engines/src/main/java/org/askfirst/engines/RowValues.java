package org.askfirst.engines;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The values of a row of a Parquet file, read one after the other. A value that is not as it must be is refused. */
final class RowValues {
    private static final long MICROS = 1_000_000;
    private static final int NANOS_OF_MICRO = 1_000;

    private final String[] values;
    private int next;

    RowValues(String[] values) {
        this.values = values;
    }

    @Nullable String text() {
        String value = values[next++];
        return value.isEmpty() ? null : value;
    }

    String required() {
        String value = text();
        if (value == null) {
            throw malformed();
        }
        return value;
    }

    @Nullable Long number() {
        String value = text();
        return value == null ? null : Long.valueOf(value);
    }

    @Nullable Boolean flag() {
        String value = text();
        if (value == null) {
            return null;
        }
        if (!value.equals("true") && !value.equals("false")) {
            throw malformed();
        }
        return value.equals("true");
    }

    boolean isTrue() {
        return Boolean.TRUE.equals(flag());
    }

    @Nullable Instant moment() {
        Long micros = number();
        return micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Returns the value that {@code parse} makes of the text; null if there is no text. */
    <T> @Nullable T as(Function<String, Optional<T>> parse) {
        String value = text();
        return value == null ? null : parse.apply(value).orElseThrow(this::malformed);
    }

    /** Returns the value that {@code parse} makes of the text, which must exist. */
    <T> T requiredAs(Function<String, Optional<T>> parse) {
        return parse.apply(required()).orElseThrow(this::malformed);
    }

    IllegalArgumentException malformed() {
        return new IllegalArgumentException("a row of the release cannot be read: " + String.join(",", values));
    }

    /** Returns a moment as the files have it: in microseconds since 1970. */
    static @Nullable Long micros(@Nullable Instant moment) {
        // ChronoUnit.MICROS.between overflows after the year 2262, because it counts nanoseconds in between.
        return moment == null
                ? null
                : Math.addExact(Math.multiplyExact(moment.getEpochSecond(), MICROS), moment.getNano() / NANOS_OF_MICRO);
    }
}
