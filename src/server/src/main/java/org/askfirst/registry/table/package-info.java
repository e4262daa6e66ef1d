/**
 * Tables as people keep them: CSV, TSV and XLSX of any layout, read row by row into what a row says of a work.
 *
 * <p>Start reading at {@link org.askfirst.registry.table.Table}, then {@link org.askfirst.registry.table.Columns} and
 * {@link org.askfirst.registry.table.RowReader}. It knows nothing of jobs, parties or HTTP.
 */
@NullMarked
package org.askfirst.registry.table;

import org.jspecify.annotations.NullMarked;
