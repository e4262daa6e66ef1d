package org.askfirst.registry.measure;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.askfirst.entry.Content;
import org.askfirst.entry.MeasureEntry.Ground;
import org.askfirst.entry.MeasureEntry.Kind;
import org.askfirst.entry.MeasureEntry.MeasureChanged;
import org.askfirst.entry.MeasureEntry.Target;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerFollower;
import org.askfirst.registry.ledger.LedgerGroup;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.subject.SubjectScheme;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The measures in force, in memory, because every view asks for them.
 *
 * <p>The node that records a measure applies it before the answer is sent. Other nodes read the table again when the
 * ledger has grown, which takes less than a second.
 */
@ApplicationScoped
public class Measures implements LedgerFollower {
    private static final Logger LOG = Logger.getLogger(Measures.class);

    /** The beginning of the text that is shown instead of a hidden subject; its key follows. */
    private static final String HIDDEN = "hidden:";

    private final MeasureStore store;
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile MeasuresInForce inForce = MeasuresInForce.NONE;
    private volatile long seen;
    private volatile boolean stale;

    Measures(MeasureStore store) {
        this.store = store;
    }

    /** Before the ledger's head starts, and with it everything that shows an entry. */
    void start(@Observes @Priority(190) StartupEvent event, Mirror mirror) throws SQLException {
        if (mirror.isOn()) {
            return;
        }
        inForce = store.inForce();
    }

    @Override
    public void appended(LedgerGroup group) {
        List<LedgerEntry> entries = group.entries();
        if (entries.get(0).position() == seen + 1) {
            seen = entries.get(entries.size() - 1).position();
        }
        if (entries.stream().anyMatch(entry -> entry.entry() instanceof MeasureChanged)) {
            read();
        }
    }

    @Override
    public void reached(long position) {
        if (position <= seen) {
            return;
        }
        seen = position;
        stale = true;
        if (reading.compareAndSet(false, true)) {
            Infrastructure.getDefaultWorkerPool().execute(this::readStale);
        }
    }

    private void readStale() {
        try {
            while (stale) {
                stale = false;
                read();
            }
        } finally {
            reading.set(false);
        }
    }

    /** Two threads must not replace a newer state by an older one. */
    private synchronized void read() {
        try {
            inForce = store.inForce();
        } catch (SQLException failure) {
            // The next entry triggers another attempt. Until then the earlier measures stay in force.
            LOG.warnf("The measures cannot be read: %s", failure.getMessage());
            seen = 0;
        }
    }

    /** Returns the ground on which the party's name and contact are hidden; null if they are shown. */
    public @Nullable String hidesFace(PartyId party) {
        return name(inForce.faces().get(party));
    }

    /** Returns the ground on which the declaration's texts are hidden; null if they are shown. */
    public @Nullable String hidesTexts(DeclarationId declaration) {
        return name(inForce.texts().get(declaration));
    }

    /** Returns the ground on which the party is restricted; null if it is not. */
    public @Nullable String restricts(PartyId party) {
        return name(inForce.restricted().get(party));
    }

    private static @Nullable String name(@Nullable Ground ground) {
        return ground == null ? null : ground.wireName();
    }

    /** Returns the ground of a measure in force, as the database has it; null if there is none. */
    public @Nullable Ground standing(Kind kind, Target target) throws SQLException {
        MeasureStore.Standing standing = store.find(kind, target);
        return standing == null ? null : standing.ground();
    }

    /** Returns the content that is shown: without its texts, if they are hidden. */
    public Content shown(DeclarationId declaration, Content content) {
        return inForce.texts().containsKey(declaration) ? content.withoutConfidential() : content;
    }

    /** Returns the text that is shown for the subject: its canonical form, or its key if it is hidden. */
    public String shown(Subject subject) {
        Map<SubjectKey, Ground> hidden = inForce.subjects();
        if (!hidden.isEmpty()) {
            SubjectKey key = subject.key();
            if (hidden.containsKey(key)) {
                return HIDDEN + key.hex();
            }
        }
        return subject.canonical();
    }

    /** Returns the text that is shown for a subject in canonical form. */
    public String shownSubject(String canonical) {
        return inForce.subjects().isEmpty() ? canonical : shown(Subject.ofStored(canonical));
    }

    /**
     * The text of an entry that is shown.
     *
     * @param text the canonical text; or, if a subject in it is hidden, the same with the subject's key in its place
     * @param withheld true if the text is not the one that the leaf hash covers; null if it is
     */
    public record ShownText(String text, @Nullable Boolean withheld) {}

    /** Returns the text of the entry that is shown. */
    public ShownText shown(LedgerEntry entry) {
        Map<SubjectKey, Ground> hidden = inForce.subjects();
        if (!hidden.isEmpty()) {
            Object tree = CanonicalJson.parseObject(entry.canonical());
            Object shown = shown(tree, hidden);
            if (!shown.equals(tree)) {
                return new ShownText(CanonicalJson.write(shown), Boolean.TRUE);
            }
        }
        return new ShownText(entry.canonical(), null);
    }

    private static boolean isSubject(String text) {
        int colon = text.indexOf(':');
        return colon > 0 && SubjectScheme.named(text.substring(0, colon)).isPresent();
    }

    private static Object shown(@Nullable Object value, Map<SubjectKey, Ground> hidden) {
        if (value instanceof Map<?, ?> members) {
            Map<String, Object> shown = new TreeMap<>();
            members.forEach((name, member) -> shown.put(String.valueOf(name), shown(member, hidden)));
            return shown;
        }
        if (value instanceof List<?> list) {
            List<Object> shown = new ArrayList<>(list.size());
            list.forEach(element -> shown.add(shown(element, hidden)));
            return shown;
        }
        if (value instanceof String text && isSubject(text)) {
            SubjectKey key = Subject.ofStored(text).key();
            return hidden.containsKey(key) ? HIDDEN + key.hex() : text;
        }
        // Canonical texts of entries have no null.
        return Objects.requireNonNull(value);
    }
}
