/** Rates of reading subjects, by JMH; start reading at {@link org.askfirst.bench.subject.SubjectBenchmark}. */
@NullMarked
package org.askfirst.bench.subject;

import org.jspecify.annotations.NullMarked;
