/**
 * What the registry says of itself in numbers: how much is declared, how that grew, how often it was asked.
 *
 * <p>Start reading at {@link org.askfirst.registry.statistics.StatisticsResource}. Nothing is counted when it is asked for: days are
 * counted as they are appended, so that the answer costs the same at ten million declarations.
 */
@NullMarked
package org.askfirst.registry.statistics;

import org.jspecify.annotations.NullMarked;
