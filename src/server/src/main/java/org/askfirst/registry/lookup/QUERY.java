package org.askfirst.registry.lookup;

import jakarta.ws.rs.HttpMethod;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The method QUERY (RFC 10008): safe like GET, with a body like POST. Jakarta REST does not name it yet. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@HttpMethod("QUERY")
@interface QUERY {}
