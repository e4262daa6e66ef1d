/**
 * Joins of a release with many questions in other engines. {@link org.askfirst.engines.ReleaseWriter} writes a release as
 * Parquet, {@link org.askfirst.engines.DuckDbJoin} and {@link org.askfirst.engines.SparkJoin} join it by key, and {@link
 * org.askfirst.engines.Question} expands and judges with the code of the service. The format is {@code
 * docs/formats/parquet.md}.
 */
@NullMarked
package org.askfirst.engines;

import org.jspecify.annotations.NullMarked;
