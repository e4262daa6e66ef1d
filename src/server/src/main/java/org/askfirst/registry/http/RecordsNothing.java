package org.askfirst.registry.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a POST that only reads, or whose answer must not be stored because it signs somebody in. It takes any {@code
 * Idempotency-Key} and stores no answer.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface RecordsNothing {}
