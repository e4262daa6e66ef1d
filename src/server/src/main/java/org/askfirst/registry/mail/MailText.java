package org.askfirst.registry.mail;

import java.sql.SQLException;
import java.util.Optional;
import org.askfirst.id.PartyId;
import org.askfirst.registry.party.Notices;

/** Writes the e-mails for notices that are about something with a text of its own. */
public interface MailText {
    /**
     * An e-mail.
     *
     * @param title one line
     * @param replyTo an address that {@link MailAddress#isOne} accepts
     */
    record Letter(String title, String text, String replyTo) {}

    /** Returns the e-mail for the notice; empty if there is nothing to send any longer. */
    Optional<Letter> of(PartyId party, Notices.NoticeView notice) throws SQLException;
}
