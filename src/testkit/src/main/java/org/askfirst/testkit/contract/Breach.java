package org.askfirst.testkit.contract;

/**
 * One way in which an exchange does not keep the contract.
 *
 * @param pointer where: {@code answer body /receipt}, {@code request query use}, {@code answer header ETag}
 * @param reason what is wrong there
 */
public record Breach(String pointer, String reason) {
    @Override
    public String toString() {
        return pointer + ": " + reason;
    }
}
