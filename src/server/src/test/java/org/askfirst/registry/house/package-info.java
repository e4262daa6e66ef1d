/** The base of tests over HTTP: a registry with its ledger checked, and parties that speak to it. */
@NullMarked
package org.askfirst.registry.house;

import org.jspecify.annotations.NullMarked;
