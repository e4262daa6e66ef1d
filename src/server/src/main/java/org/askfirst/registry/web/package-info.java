/**
 * The pages for people, and the contract.
 *
 * <p>Start reading at {@link org.askfirst.registry.web.Pages}.
 */
@NullMarked
package org.askfirst.registry.web;

import org.jspecify.annotations.NullMarked;
