package org.askfirst.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexView;
import org.askfirst.index.Posting;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/** Answers range calls from an index, as {@code docs/formats/range.md} describes them. */
final class TestRanges implements HttpHandler {
    private static final int BITS_OF_DIGIT = 4;
    private static final int DIGITS_OF_WORD = 16;
    private static final int STATUS_OK = 200;

    private final Supplier<IndexView> index;
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    /** Is called before each answer. */
    volatile Runnable before = () -> {};

    /** The log that answers claim. */
    volatile String log = TestRegistry.LOG;

    volatile UnaryOperator<String> body = text -> text;
    volatile String cacheControl = "public, max-age=30";
    volatile int status = STATUS_OK;

    /** The position that answers claim; negative for the right one. */
    volatile long position = -1;

    TestRanges(Supplier<IndexView> index) {
        this.index = index;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            before.run();
            String prefix = exchange.getRequestURI().getPath().substring("/v1/range/".length());
            asked.add(prefix);
            IndexView view = index.get();
            byte[] bytes = body.apply(CanonicalJson.write(range(prefix, view))).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Cache-Control", cacheControl);
            exchange.getResponseHeaders().add("Askfirst-Log", log);
            exchange.getResponseHeaders()
                    .add("Askfirst-Position", Long.toString(position < 0 ? view.position() : position));
            exchange.sendResponseHeaders(status, bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
    }

    private static Map<String, Object> range(String prefix, IndexView view) {
        PartyRegister register = view.parties();
        Set<PartyId> named = new LinkedHashSet<>();
        Map<String, Object> mandates = new LinkedHashMap<>();
        List<Object> keys = new ArrayList<>();
        long first = Long.parseUnsignedLong(prefix, 16) << ((DIGITS_OF_WORD - prefix.length()) * BITS_OF_DIGIT);
        view.range(first, prefix.length() * BITS_OF_DIGIT).forEach((key, postings) -> {
            List<Object> statements = new ArrayList<>();
            List<Object> controls = new ArrayList<>();
            List<Object> contests = new ArrayList<>();
            for (Posting posting : postings) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("party", posting.party().toString());
                one.put("position", posting.position());
                named.add(posting.party());
                Contest contest = posting.contest();
                if (contest != null) {
                    one.put("kind", contest.kind().wireName());
                    put(one, "by", contest.challenger());
                    put(one, "endsAt", contest.endsAt());
                    put(one, "lapsesAt", contest.lapsesAt());
                    PartyId challenger = contest.challenger();
                    if (challenger != null) {
                        named.add(challenger);
                    }
                    contests.add(one);
                } else if (posting.stances() == null) {
                    one.put("control", posting.control().name().toLowerCase(Locale.ROOT));
                    put(one, "by", posting.by());
                    PartyId by = posting.by();
                    if (by != null) {
                        named.add(by);
                    }
                    controls.add(one);
                } else {
                    statements.add(statement(posting, register, one, named, mandates));
                }
                if (posting.otherSubject()) {
                    one.put("otherSubject", true);
                }
            }
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("key", key.hex());
            putAll(tree, "statements", statements);
            putAll(tree, "controls", controls);
            putAll(tree, "contests", contests);
            keys.add(tree);
        });
        List<Object> parties = new ArrayList<>();
        for (PartyId party : named) {
            parties.add(state(party, register.state(party)));
        }
        return Map.of(
                "prefix",
                prefix,
                "minPrefixLength",
                2L,
                "rules",
                (long) Verdicts.RULES,
                "keys",
                keys,
                "parties",
                parties,
                "mandates",
                List.copyOf(mandates.values()));
    }

    private static Object statement(
            Posting posting,
            PartyRegister register,
            Map<String, Object> one,
            Set<PartyId> named,
            Map<String, Object> mandates) {
        one.put("stances", Objects.requireNonNull(posting.stances()).toWire());
        one.put("contactable", register.state(posting.party()).canBeAsked(posting.contact()));
        put(one, "validFrom", posting.period().from());
        put(one, "validTo", posting.period().to());
        put(one, "mandate", posting.mandate());
        put(one, "repertoire", posting.repertoire());
        MandateId mandate = posting.mandate();
        MandateTerm term = mandate == null ? null : register.term(mandate);
        if (mandate != null && term != null) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("id", mandate.toString());
            tree.put("society", term.society().toString());
            put(tree, "member", term.member());
            put(tree, "validFrom", term.period().from());
            put(tree, "validTo", term.period().to());
            mandates.put(mandate.toString(), tree);
            PartyId member = term.member();
            if (member != null) {
                named.add(member);
            }
        }
        return one;
    }

    private static Object state(PartyId party, PartyState state) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("party", party.toString());
        if (state.verified()) {
            tree.put("verified", true);
        }
        if (state.suspended()) {
            tree.put("suspended", true);
        }
        if (state.erased()) {
            tree.put("erased", true);
        }
        putAll(
                tree,
                "vouchableSchemes",
                state.vouchesFor().stream()
                        .map(SubjectScheme::wireName)
                        .sorted()
                        .toList());
        putAll(
                tree,
                "vouchedBy",
                state.vouchedBy().stream().map(PartyId::toString).toList());
        return tree;
    }

    private static void put(Map<String, Object> tree, String member, @Nullable Object value) {
        if (value != null) {
            tree.put(member, value instanceof Instant moment ? moment.toString() : String.valueOf(value));
        }
    }

    private static void putAll(Map<String, Object> tree, String member, List<?> values) {
        if (!values.isEmpty()) {
            tree.put(member, values);
        }
    }
}
