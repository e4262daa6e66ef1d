package org.askfirst.engines;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.Posting;
import org.askfirst.index.PostingRow;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/** The table of postings: what is declared, proved and contested under each key, one row for each. */
final class PostingTable {
    /** The number of hexadecimal digits of the first eight bytes of a key, which are a column of their own. */
    private static final int PREFIX_DIGITS = 2 * Long.BYTES;

    private static final String STATEMENT = "statement";
    private static final String PROOF = "proof";

    /** The columns in the order of {@link #values}. */
    static final List<TableColumn> COLUMNS = columns();

    /** The columns of the key. */
    static final List<TableColumn> KEY = COLUMNS.subList(0, 2);

    /** The other columns. */
    static final List<TableColumn> WITHOUT_KEY = COLUMNS.subList(2, COLUMNS.size());

    private PostingTable() {}

    private static List<TableColumn> columns() {
        List<TableColumn> columns = new ArrayList<>(List.of(
                TableColumn.number("prefix"),
                TableColumn.bytes("rest"),
                TableColumn.text("kind"),
                TableColumn.text("party"),
                TableColumn.number("position"),
                TableColumn.flag("other_subject"),
                TableColumn.text("repertoire"),
                TableColumn.number("listed_at")));
        for (Use use : Use.values()) {
            columns.add(TableColumn.text(use.wireName().replace('-', '_')));
        }
        columns.addAll(List.of(
                TableColumn.text("contact"),
                TableColumn.number("valid_from"),
                TableColumn.number("valid_to"),
                TableColumn.text("mandate"),
                TableColumn.text("control"),
                TableColumn.text("by_party"),
                TableColumn.number("ends_at"),
                TableColumn.number("lapses_at")));
        return List.copyOf(columns);
    }

    /** Returns the digits of a key that the column {@code rest} has. */
    static String rest(SubjectKey key) {
        return key.hex().substring(PREFIX_DIGITS);
    }

    /** Returns the values of a row: texts, numbers and flags, or null. */
    static @Nullable Object[] values(PostingRow row) {
        Posting posting = row.posting();
        Stances stances = posting.stances();
        Contest contest = posting.contest();
        List<@Nullable Object> values = new ArrayList<>(COLUMNS.size());
        values.add(row.key().prefix64());
        values.add(rest(row.key()));
        values.add(kind(posting));
        values.add(posting.party().toString());
        values.add(posting.position());
        values.add(posting.otherSubject());
        values.add(text(posting.repertoire()));
        values.add(row.listedAt() == 0 ? null : row.listedAt());
        for (Use use : Use.values()) {
            values.add(
                    stances == null
                            ? null
                            : stances.stated(use).map(Stance::wireName).orElse(null));
        }
        values.add(stances == null ? null : wireName(posting.contact()));
        values.add(RowValues.micros(posting.period().from()));
        values.add(RowValues.micros(posting.period().to()));
        values.add(text(posting.mandate()));
        values.add(posting.isProof() ? wireName(posting.control()) : null);
        values.add(text(contest == null ? posting.by() : contest.challenger()));
        values.add(contest == null ? null : RowValues.micros(contest.endsAt()));
        values.add(contest == null ? null : RowValues.micros(contest.lapsesAt()));
        return values.toArray();
    }

    private static String kind(Posting posting) {
        Contest contest = posting.contest();
        if (contest != null) {
            return contest.kind().wireName();
        }
        return posting.isProof() ? PROOF : STATEMENT;
    }

    /**
     * Reads a row from the text that {@link TableColumn#rowText} makes of it.
     *
     * @throws IllegalArgumentException if it is no row of this table
     */
    static PostingRow parse(String text) {
        RowValues values = TableColumn.values(text, COLUMNS);
        SubjectKey key = key(values);
        String kind = values.required();
        PartyId party = values.requiredAs(PartyId::parse);
        Long position = values.number();
        boolean otherSubject = values.isTrue();
        DeclarationId repertoire = values.as(DeclarationId::parse);
        Long listedAt = values.number();
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            Stance stance = values.as(Stance::named);
            if (stance != null) {
                stances.put(use, stance);
            }
        }
        Contact contact = values.as(name -> named(Contact.values(), name));
        Period period = new Period(values.moment(), values.moment());
        MandateId mandate = values.as(MandateId::parse);
        Control control = values.as(name -> named(Control.values(), name));
        PartyId by = values.as(PartyId::parse);
        if (position == null) {
            throw values.malformed();
        }
        Posting posting = switch (kind) {
            case STATEMENT ->
                new Posting(
                        party,
                        position,
                        Stances.of(stances),
                        contact == null ? Contact.NONE : contact,
                        otherSubject,
                        period,
                        Control.NONE,
                        mandate,
                        repertoire,
                        null);
            case PROOF -> Posting.proof(party, position, control == null ? Control.SHOWN : control, by);
            default -> {
                Contest contest = new Contest(
                        Contest.Kind.named(kind).orElseThrow(values::malformed),
                        party,
                        by,
                        position,
                        values.moment(),
                        values.moment());
                Posting plain = Posting.of(contest);
                yield otherSubject ? plain.underOtherSubject() : plain;
            }
        };
        return new PostingRow(key, posting, listedAt == null ? 0 : listedAt);
    }

    private static SubjectKey key(RowValues values) {
        Long prefix = values.number();
        byte[] rest = HexFormat.of().parseHex(values.required());
        if (prefix == null || rest.length != SubjectKey.BYTES - Long.BYTES) {
            throw values.malformed();
        }
        return SubjectKey.of(
                ByteBuffer.allocate(SubjectKey.BYTES).putLong(prefix).put(rest).array());
    }

    private static @Nullable String text(@Nullable Object id) {
        return id == null ? null : id.toString();
    }

    private static String wireName(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> Optional<E> named(E[] all, String name) {
        for (E one : all) {
            if (wireName(one).equals(name)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
