/**
 * The common part of all HTTP requests and answers: problems, strict JSON, streamed lines, limits.
 *
 * <p>Start reading at {@link org.askfirst.registry.http.Members} and {@link org.askfirst.registry.http.ProblemMapper}.
 * This package knows no resource. All resources use it, so that each common rule has one place.
 */
@NullMarked
package org.askfirst.registry.http;

import org.jspecify.annotations.NullMarked;
