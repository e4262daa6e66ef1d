/**
 * Public statistics: the number of declarations, their growth, and the number of lookups.
 *
 * <p>Start reading at {@link org.askfirst.registry.statistics.StatisticsResource}. Days are counted when entries are
 * appended, not when the statistics are read, so that reading is as fast with ten million declarations.
 */
@NullMarked
package org.askfirst.registry.statistics;

import org.jspecify.annotations.NullMarked;
