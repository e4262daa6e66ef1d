/**
 * Imports of CSV, TSV and XLSX files: jobs that read a file row by row, declare each row and write a report.
 *
 * <p>Start reading at {@link org.askfirst.registry.imports.Imports}, then
 * {@link org.askfirst.registry.imports.ImportRunner}.
 */
@NullMarked
package org.askfirst.registry.imports;

import org.jspecify.annotations.NullMarked;
