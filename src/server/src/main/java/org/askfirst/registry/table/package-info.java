/**
 * Tables as people have them: CSV, TSV and XLSX in any layout, read row by row as descriptions of works.
 *
 * <p>Start reading at {@link org.askfirst.registry.table.Table}, then {@link org.askfirst.registry.table.Columns} and
 * {@link org.askfirst.registry.table.RowReader}. The package does not know jobs, parties or HTTP.
 */
@NullMarked
package org.askfirst.registry.table;

import org.jspecify.annotations.NullMarked;
