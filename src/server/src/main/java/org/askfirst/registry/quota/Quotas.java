package org.askfirst.registry.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.SessionCookie;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Counts the works that each asker looks up in a minute, on this node. The headers of
 * draft-ietf-httpapi-ratelimit-headers-10 report the rest of the quota.
 *
 * <p>A call with a known number of works is refused if too few are left. A stream waits instead ({@link Pace}).
 *
 * <p>All kinds of lookup use the same quota, which refills continuously. An asker without a key is identified by its
 * {@link AskerAddress}.
 */
@Singleton
public class Quotas {
    private static final int MOST_ASKERS = 500_000;

    /** Number of askers whose seen contacts are remembered. Each needs 2 KiB. */
    private static final int MOST_SEEING = 10_000;

    /**
     * Number of streams that may wait for their quota at a time, on one node. Each holds a worker, and it is less than
     * a third of them.
     */
    private static final int MOST_WAITING = 128;

    /** Time for which a revoked key may still have the larger quota, and see the grants of its party in lookups. */
    private static final Duration REMEMBER_KEYS = Duration.ofMinutes(1);

    private final QuotaConfig config;
    private final Parties parties;
    private final Clock clock;
    private final QuotaMeters meters;
    private final Mirror mirror;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final Cache<Object, WorkQuota> quotas = Caffeine.newBuilder()
            .maximumSize(MOST_ASKERS)
            .expireAfterAccess(Duration.ofSeconds(2 * WorkQuota.WINDOW_SECONDS))
            .build();
    private final Cache<Object, SeenContacts> contacts =
            Caffeine.newBuilder().maximumSize(MOST_SEEING).build();
    private final Cache<String, PartyId> keys = Caffeine.newBuilder()
            .maximumSize(MOST_ASKERS)
            .expireAfterWrite(REMEMBER_KEYS)
            .build();

    Quotas(QuotaConfig config, Parties parties, Clock clock, QuotaMeters meters, Mirror mirror) {
        this.mirror = mirror;
        this.config = config;
        this.parties = parties;
        this.clock = clock;
        this.meters = meters;
    }

    /** Returns the contacts that the asker has seen. */
    private SeenContacts seenBy(Object asker, int limit) {
        return contacts.get(asker, unknown -> new SeenContacts(limit, clock));
    }

    /** The quota of one asker, for one exchange. */
    public final class Allowance {
        private final WorkQuota quota;
        private final SeenContacts contacts;
        private final QuotaMeters.Asker kind;
        private final HttpServerResponse response;
        private final @Nullable PartyId party;
        private final boolean byKey;

        private Allowance(
                WorkQuota quota,
                SeenContacts contacts,
                QuotaMeters.Asker kind,
                HttpServerResponse response,
                @Nullable PartyId party,
                boolean byKey) {
            this.party = party;
            this.byKey = byKey;
            this.quota = quota;
            this.contacts = contacts;
            this.kind = kind;
            this.response = response;
        }

        /** Returns the party of the key or session; null without one. */
        public @Nullable PartyId party() {
            return party;
        }

        /** Returns true if the asker sent a key: it is a program, and not a person with a session. */
        public boolean isByKey() {
            return byKey;
        }

        /**
         * Returns the pace of a stream, which waits where {@link #take} would refuse. The response gets the headers
         * with the state of the quota.
         */
        public Pace pace() {
            tell(quota.look());
            BooleanSupplier isGone = response::closed;
            return new Pace(quota, waiting, config.patience(), clock, isGone, limit -> meters.count(limit, kind));
        }

        /** Returns the contacts that the asker has seen in a day. */
        public SeenContacts contacts() {
            return contacts;
        }

        /** Returns the state of the quota, and takes nothing. The response gets the headers with it, too. */
        QuotaResource.QuotaView view() {
            WorkQuota.Taken works = quota.look();
            tell(works);
            return new QuotaResource.QuotaView(
                    kind.viewName, works.use(clock.instant()), contacts.use(clock.instant()));
        }

        private boolean tell(WorkQuota.Taken taken) {
            boolean canTell = !response.headWritten();
            if (canTell) {
                response.putHeader("RateLimit-Policy", taken.policy());
                response.putHeader("RateLimit", taken.rateLimit());
            }
            return canTell;
        }

        /**
         * Takes {@code works} from the quota; 0 is taken as 1.
         *
         * @throws ProblemException {@link Problem#TOO_MANY_REQUESTS} if the rest of the quota is smaller; then nothing
         *     is taken
         */
        public void take(int works) {
            WorkQuota.Taken taken = quota.take(works);
            boolean canTell = tell(taken);
            if (!taken.granted()) {
                meters.count(QuotaMeters.Limit.WORKS, kind);
                long wait = taken.waitSeconds();
                if (canTell) {
                    response.putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(wait));
                }
                throw Problem.TOO_MANY_REQUESTS.because("The quota is " + taken.quota() + " works a minute, and "
                        + taken.left() + " are left; this request asks about " + works + "; try again in " + wait
                        + (wait == 1 ? " second" : " seconds"));
            }
        }
    }

    /** Returns true if {@link #of} can answer without a query of the database. */
    public boolean knows(@Nullable String authorization) {
        return authorization == null || keys.getIfPresent(digest(authorization)) != null;
    }

    /**
     * Returns the quota of the request's sender.
     *
     * @param authorization the header; null if it was not sent
     * @throws ProblemException {@link Problem#UNAUTHENTICATED} if the key is not valid: its sender must learn this, and
     *     is not treated as an asker without a key
     */
    public Allowance of(HttpServerRequest request, @Nullable String authorization) throws SQLException {
        if (authorization == null) {
            String address = AskerAddress.of(request.remoteAddress());
            WorkQuota quota = quotas.get(address, unknown -> new WorkQuota(config.anonymous(), clock));
            return new Allowance(
                    quota,
                    seenBy(address, config.contacts()),
                    QuotaMeters.Asker.ANONYMOUS,
                    request.response(),
                    null,
                    false);
        }
        mirror.refuse("knows no keys");
        String digest = digest(authorization);
        PartyId party = keys.getIfPresent(digest);
        if (party == null) {
            party = parties.caller(authorization, KeyScope.LOOK_UP).party();
            keys.put(digest, party);
        }
        WorkQuota quota = quotas.get(party, unknown -> new WorkQuota(config.keyed(), clock));
        return new Allowance(
                quota,
                seenBy(party, config.contactsKeyed()),
                QuotaMeters.Asker.KEYED,
                request.response(),
                party,
                !authorization.startsWith(SessionCookie.SCHEME));
    }

    private static String digest(String authorization) {
        return HexFormat.of().formatHex(Sha256.of(authorization));
    }
}
