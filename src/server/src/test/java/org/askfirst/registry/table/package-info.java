/** Tables as they really arrive. */
@org.jspecify.annotations.NullMarked
package org.askfirst.registry.table;
