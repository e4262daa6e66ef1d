/**
 * The terms of licenses as values: which uses, of which model, where, until when, and at which price.
 *
 * <p>Offers, license requests and grants have the same terms ({@link org.askfirst.license.LicenseTerms}). {@code
 * docs/formats/license-terms.md} specifies their canonical JSON. Amounts are exact decimals. This package is plain Java
 * without I/O.
 */
@NullMarked
package org.askfirst.license;

import org.jspecify.annotations.NullMarked;
