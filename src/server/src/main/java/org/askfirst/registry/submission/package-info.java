/**
 * Submissions of many lines in one request, answered line by line, and requests that are sent twice.
 *
 * <p>Start reading at {@link org.askfirst.registry.submission.BatchSubmission}. The {@code Idempotency-Key} of all
 * operations is in {@link org.askfirst.registry.submission.IdempotencyFilter}.
 */
@NullMarked
package org.askfirst.registry.submission;

import org.jspecify.annotations.NullMarked;
