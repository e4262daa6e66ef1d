/** A plug-in for Apache Nutch: a URL filter that refuses every address that the registry does not allow. */
@NullMarked
package org.askfirst.nutch;

import org.jspecify.annotations.NullMarked;
