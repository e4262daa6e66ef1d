/**
 * Imports of CSV, TSV and XLSX files: a job that reads a file row by row, declares each row and reports on it.
 *
 * <p>Start reading at {@link org.askfirst.registry.imports.Imports}, then
 * {@link org.askfirst.registry.imports.ImportRunner}.
 */
@NullMarked
package org.askfirst.registry.imports;

import org.jspecify.annotations.NullMarked;
