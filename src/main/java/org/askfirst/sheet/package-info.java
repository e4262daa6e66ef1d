/**
 * Tables as people keep them: CSV, TSV and XLSX of any layout, read row by row into what a row says of a work.
 *
 * <p>Start reading at {@link org.askfirst.sheet.Table}, then {@link org.askfirst.sheet.Columns} and
 * {@link org.askfirst.sheet.RowReader}. It knows nothing of jobs, parties or HTTP.
 */
@NullMarked
package org.askfirst.sheet;

import org.jspecify.annotations.NullMarked;
