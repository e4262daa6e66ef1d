/**
 * Files and folders that only the user of the service can read.
 *
 * <p>Start reading at {@link org.askfirst.registry.files.PrivateFiles}.
 */
@NullMarked
package org.askfirst.registry.files;

import org.jspecify.annotations.NullMarked;
