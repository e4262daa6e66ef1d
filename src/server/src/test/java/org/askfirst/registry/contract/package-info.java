/**
 * Holds the service to its published contract, {@code openapi.yaml} at the root of the repository.
 *
 * <p>{@link org.askfirst.testkit.contract.Contract} reads the file and judges an {@link
 * org.askfirst.testkit.contract.Exchange}; {@link org.askfirst.testkit.contract.ContractFilter} hands it every exchange of
 * every REST Assured test. Start reading at {@link org.askfirst.testkit.contract.Contract#breaches}.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.registry.contract;
