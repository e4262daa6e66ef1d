package org.askfirst.registry.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * How much each asker may still ask in this minute, on this node; what is left goes out in the headers of
 * draft-ietf-httpapi-ratelimit-headers-10.
 *
 * <p>A quota is counted in works, however they are asked about, and fills up again steadily. Who has no key is known by
 * its address, and by the first half of an IPv6 address, since one asker has all of the second.
 */
@ApplicationScoped
public class Quotas {
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final int MOST_ASKERS = 500_000;

    /** For so long a key that was revoked meanwhile may still have the larger quota, and nothing else. */
    private static final Duration REMEMBER_KEYS = Duration.ofMinutes(1);

    private final QuotaConfig config;
    private final Parties parties;
    private final Clock clock;
    private final Cache<Object, WorkQuota> quotas = Caffeine.newBuilder()
            .maximumSize(MOST_ASKERS)
            .expireAfterAccess(Duration.ofSeconds(2 * WorkQuota.WINDOW_SECONDS))
            .build();
    private final Cache<String, PartyId> keys = Caffeine.newBuilder()
            .maximumSize(MOST_ASKERS)
            .expireAfterWrite(REMEMBER_KEYS)
            .build();

    Quotas(QuotaConfig config, Parties parties, Clock clock) {
        this.config = config;
        this.parties = parties;
        this.clock = clock;
    }

    /** One asker's quota, for one exchange. */
    public static final class Allowance {
        private final WorkQuota quota;
        private final HttpServerResponse response;

        private Allowance(WorkQuota quota, HttpServerResponse response) {
            this.quota = quota;
            this.response = response;
        }

        /**
         * Takes so many works from the quota.
         *
         * @throws ProblemException {@link Problem#TOO_MANY_REQUESTS} if there are not so many left; then none is taken
         */
        public void take(int works) {
            WorkQuota.Taken taken = quota.take(works);
            boolean canTell = !response.headWritten();
            if (canTell) {
                response.putHeader("RateLimit-Policy", taken.policy());
                response.putHeader("RateLimit", taken.rateLimit());
            }
            if (!taken.granted()) {
                long wait = taken.waitSeconds();
                if (canTell) {
                    response.putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(wait));
                }
                throw Problem.TOO_MANY_REQUESTS.because("Of " + taken.quota() + " works a minute " + taken.left()
                        + " are left, and this asks about " + works + "; try again in " + wait
                        + (wait == 1 ? " second" : " seconds"));
            }
        }
    }

    /** Whether {@link #of} can tell who asks without asking the database. */
    public boolean knows(@Nullable String authorization) {
        return authorization == null || keys.getIfPresent(digest(authorization)) != null;
    }

    /**
     * The quota of whoever sent that request.
     *
     * @param authorization the header, if it was sent
     * @throws ProblemException {@link Problem#UNAUTHENTICATED} if a key was sent that does not work: whoever sends one
     *     should hear of it, and not be taken for somebody without
     */
    public Allowance of(HttpServerRequest request, @Nullable String authorization) throws SQLException {
        if (authorization == null) {
            return allowance(network(request.remoteAddress().hostAddress()), config.anonymous(), request);
        }
        String digest = digest(authorization);
        PartyId party = keys.getIfPresent(digest);
        if (party == null) {
            party = parties.caller(authorization).party();
            keys.put(digest, party);
        }
        return allowance(party, config.keyed(), request);
    }

    private Allowance allowance(Object asker, int quota, HttpServerRequest request) {
        WorkQuota own = quotas.get(asker, unknown -> new WorkQuota(quota, clock));
        return new Allowance(own, request.response());
    }

    /** The address, or of an IPv6 address its network. */
    static String network(@Nullable String address) {
        if (address == null) {
            return "";
        }
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            InetAddress parsed = InetAddress.getByName(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), IPV6_NETWORK_BYTES))
                    : parsed.getHostAddress();
        } catch (UnknownHostException odd) {
            return address;
        }
    }

    private static String digest(String authorization) {
        return HexFormat.of().formatHex(Sha256.of(authorization));
    }
}
