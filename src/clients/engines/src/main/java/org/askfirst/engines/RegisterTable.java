package org.askfirst.engines;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.PartyRegisterSnapshot;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Period;
import org.jspecify.annotations.Nullable;

/** The table of the states of parties, of their erasures and of mandates. It is small and is read completely. */
final class RegisterTable {
    private static final String PARTY = "party";
    private static final String MANDATE = "mandate";

    /** The columns in the order of {@link #rows}. */
    static final List<TableColumn> COLUMNS = List.of(
            TableColumn.text("kind"),
            TableColumn.text("id"),
            TableColumn.number("erased_at"),
            TableColumn.flag("verified"),
            TableColumn.flag("suspended"),
            TableColumn.flag("contactable"),
            TableColumn.text("vouches_for"),
            TableColumn.text("vouched_by"),
            TableColumn.text("society"),
            TableColumn.text("member"),
            TableColumn.number("valid_from"),
            TableColumn.number("valid_to"));

    private RegisterTable() {}

    /** Returns the rows of a register. */
    static List<@Nullable Object[]> rows(PartyRegisterSnapshot register) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        Set<PartyId> parties = new TreeSet<>((one, other) -> one.number().compareTo(other.number()));
        parties.addAll(register.states().keySet());
        parties.addAll(register.erasures().keySet());
        for (PartyId party : parties) {
            PartyState state = register.states().getOrDefault(party, PartyState.PLAIN);
            rows.add(new @Nullable Object[] {
                PARTY,
                party.toString(),
                register.erasures().get(party),
                state.verified(),
                state.suspended(),
                state.contactable(),
                words(state.vouchesFor().stream()
                        .map(SubjectScheme::wireName)
                        .sorted()
                        .toList()),
                words(state.vouchedBy()),
                null,
                null,
                null,
                null
            });
        }
        for (Map.Entry<MandateId, MandateTerm> one : register.terms().entrySet()) {
            MandateTerm term = one.getValue();
            PartyId member = term.member();
            rows.add(new @Nullable Object[] {
                MANDATE,
                one.getKey().toString(),
                null,
                null,
                null,
                null,
                null,
                null,
                term.society().toString(),
                member == null ? null : member.toString(),
                RowValues.micros(term.period().from()),
                RowValues.micros(term.period().to())
            });
        }
        return rows;
    }

    private static @Nullable String words(List<?> all) {
        return all.isEmpty() ? null : all.stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    /**
     * Reads a register from the texts that {@link TableColumn#rowText} makes of its rows.
     *
     * @throws IllegalArgumentException if one of them is no row of this table
     */
    static PartyRegisterSnapshot parse(List<String> rows) {
        Map<PartyId, Long> erasures = new HashMap<>();
        Map<PartyId, PartyState> states = new HashMap<>();
        Map<MandateId, MandateTerm> terms = new HashMap<>();
        for (String row : rows) {
            RowValues values = TableColumn.values(row, COLUMNS);
            String kind = values.required();
            String id = values.required();
            Long erasedAt = values.number();
            boolean verified = values.isTrue();
            boolean suspended = values.isTrue();
            Boolean contactable = values.flag();
            Set<SubjectScheme> vouchesFor = new HashSet<>(words(values.text(), SubjectScheme::named, values));
            List<PartyId> vouchedBy = words(values.text(), PartyId::parse, values);
            switch (kind) {
                case PARTY -> {
                    PartyId party = PartyId.parse(id).orElseThrow(values::malformed);
                    if (erasedAt != null) {
                        erasures.put(party, erasedAt);
                    }
                    states.put(
                            party,
                            new PartyState(
                                    false, verified, suspended, vouchesFor, vouchedBy, contactable, ContactCheck.NONE));
                }
                case MANDATE ->
                    terms.put(
                            MandateId.parse(id).orElseThrow(values::malformed),
                            new MandateTerm(
                                    values.requiredAs(PartyId::parse),
                                    values.as(PartyId::parse),
                                    new Period(values.moment(), values.moment())));
                default -> throw values.malformed();
            }
        }
        return new PartyRegisterSnapshot(erasures, states, terms);
    }

    private static <T> List<T> words(@Nullable String text, Function<String, Optional<T>> parse, RowValues values) {
        if (text == null) {
            return List.of();
        }
        return Arrays.stream(text.split(" "))
                .map(word -> parse.apply(word).orElseThrow(values::malformed))
                .toList();
    }
}
