package org.askfirst.registry.control;

import java.util.HashMap;
import java.util.Map;
import org.askfirst.problem.Problem;

/**
 * Limits the checks that run at the same time: of one claimant, of one site, and in all. So hosts that never answer
 * hold only the places of those who claim them. Safe for use by several threads.
 */
final class CheckPlaces {
    static final int PER_CLAIMANT = 2;
    static final int PER_SITE = 2;
    static final int ALL = 64;

    private final Map<Object, Integer> taken = new HashMap<>();
    private int all;

    /** A place that is taken until it is closed. */
    final class Place implements AutoCloseable {
        private final Object claimant;
        private final Object site;
        private boolean free;

        private Place(Object claimant, Object site) {
            this.claimant = claimant;
            this.site = site;
        }

        @Override
        public void close() {
            synchronized (CheckPlaces.this) {
                if (!free) {
                    free = true;
                    all--;
                    leave(claimant);
                    leave(site);
                }
            }
        }
    }

    /** A claimant and a site with the same text are different keys. */
    private record Claimant(String name) {}

    private record Site(String name) {}

    /**
     * Takes a place.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#TOO_MANY_REQUESTS} if the claimant or the site has
     *     two, {@link Problem#UNAVAILABLE} if 64 are taken
     */
    synchronized Place take(String claimantName, String siteName) {
        Object claimant = new Claimant(claimantName);
        Object site = new Site(siteName);
        if (taken.getOrDefault(claimant, 0) >= PER_CLAIMANT) {
            throw Problem.TOO_MANY_REQUESTS.because("Two checks of this party are running; try again in a few seconds");
        }
        if (taken.getOrDefault(site, 0) >= PER_SITE) {
            throw Problem.TOO_MANY_REQUESTS.because(
                    "Two checks of " + siteName + " are running; try again in a few seconds");
        }
        if (all >= ALL) {
            throw Problem.UNAVAILABLE.withoutEffect("Too many checks are running; try again in a few seconds");
        }
        all++;
        taken.merge(claimant, 1, Integer::sum);
        taken.merge(site, 1, Integer::sum);
        return new Place(claimant, site);
    }

    private void leave(Object key) {
        taken.computeIfPresent(key, (same, places) -> places == 1 ? null : places - 1);
    }
}
