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
 * Counts the works that each asker looks up in a minute, on this node. The headers of
 * draft-ietf-httpapi-ratelimit-headers-10 report the rest of the quota.
 *
 * <p>All kinds of lookup use the same quota, which refills continuously. An asker without a key is identified by its
 * IPv4 address, or by the first 64 bits of its IPv6 address, because one asker usually controls the other 64.
 */
@ApplicationScoped
public class Quotas {
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final int MOST_ASKERS = 500_000;

    /** Time for which a revoked key may still have the larger quota; it gives no other right. */
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

    /** The quota of one asker, for one exchange. */
    public static final class Allowance {
        private final WorkQuota quota;
        private final HttpServerResponse response;

        private Allowance(WorkQuota quota, HttpServerResponse response) {
            this.quota = quota;
            this.response = response;
        }

        /**
         * Takes {@code works} from the quota; 0 is taken as 1.
         *
         * @throws ProblemException {@link Problem#TOO_MANY_REQUESTS} if the rest of the quota is smaller; then nothing
         *     is taken
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

    /** Returns the address; for an IPv6 address, its network of 64 bits in hexadecimal. */
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
