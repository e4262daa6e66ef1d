package org.askfirst.registry.web;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Who operates this registry, as its pages tell. A page marks each missing setting, and the log names it at the start. */
@ConfigMapping(prefix = "askfirst.operator")
interface OperatorConfig {
    /** The name of the person or organisation that operates the registry. */
    Optional<String> name();

    /** The person who represents the operator. */
    Optional<String> representative();

    /** The postal address of the operator. */
    Optional<String> address();

    /** The e-mail address to which people write. */
    Optional<String> contact();

    /** The privacy officer (PIPA Art. 31), with name or department and a way to reach it. */
    Optional<String> privacyOfficer();

    /** The processors of personal data and their tasks, or the statement that there are none. */
    Optional<String> processors();

    /** How long the log with network addresses is kept. */
    Optional<String> logRetention();

    /** The day from which the privacy policy and the terms apply. */
    Optional<String> policySince();
}
