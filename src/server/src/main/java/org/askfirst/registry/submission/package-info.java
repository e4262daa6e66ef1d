/**
 * Submissions of many lines in one request, answered line by line.
 *
 * <p>Start reading at {@link org.askfirst.registry.submission.BatchSubmission}.
 */
@NullMarked
package org.askfirst.registry.submission;

import org.jspecify.annotations.NullMarked;
