/**
 * A backup of the whole database in one file, made while the service runs, and its restore into an empty database.
 *
 * <p>Start reading at {@link org.askfirst.registry.backup.Backup}. The file is a ZIP archive with one entry for each
 * table, in the text format of PostgreSQL's {@code COPY}, and a manifest. It depends on neither the version nor the
 * system of the PostgreSQL that wrote it.
 */
@NullMarked
package org.askfirst.registry.backup;

import org.jspecify.annotations.NullMarked;
