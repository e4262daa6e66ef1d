package org.askfirst.registry.fetch;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.askfirst.registry.fetch.FetchException.Kind;
import org.askfirst.subject.PublicSuffixes;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Queries the DNS through the name servers of this machine, or through those of the settings, which must all agree.
 * Never reads the hosts file. A question waits for a short time, and the questions about the names of one site are
 * limited per minute.
 *
 * <p>DNSSEC signatures are not validated here, but by the name server, which reports that it did so (RFC 4035, section
 * 3.2.3). If a name server fails, the question is repeated without validation (section 3.2.2). If that succeeds, the
 * signatures are broken, and the name counts as forged.
 */
@ApplicationScoped
public class NameServers {
    /** A name server gets the question twice within {@link #PATIENCE}. */
    private static final Duration PATIENCE_PER_TRY = Duration.ofMillis(750);

    private static final Duration PATIENCE = Duration.ofMillis(1500);
    private static final int PER_MINUTE_BY_SITE = 240;
    private static final int PER_MINUTE = 6000;
    private static final int PAYLOAD_BYTES = 1232;
    private static final int MAX_RECORDS = 100;

    private final FetchConfig config;
    private final VisitLimit bySite;
    private final VisitLimit all;
    private @Nullable List<Resolver> resolvers;

    NameServers(FetchConfig config, Clock clock) {
        this.config = config;
        this.bySite = new VisitLimit(PER_MINUTE_BY_SITE, clock);
        this.all = new VisitLimit(PER_MINUTE, clock);
    }

    /**
     * The TXT records of a name.
     *
     * @param texts those that all name servers give; empty if the name, or a TXT record of it, does not exist
     * @param validated true if all name servers report that they validated the signatures
     */
    public record Texts(List<String> texts, boolean validated) {}

    /**
     * Returns the TXT records of a name.
     *
     * @throws FetchException if the name server does not answer in time, or the names of the site were asked too often
     */
    public Texts texts(String name, DnsBudget budget) throws FetchException {
        List<String> texts = new ArrayList<>();
        boolean isFirst = true;
        boolean validated = true;
        for (Message answer : answers(name, ask(name, Type.TXT), budget)) {
            List<String> here = new ArrayList<>();
            for (Record record : records(answer)) {
                if (record instanceof TXTRecord text) {
                    here.add(String.join("", text.getStrings()));
                }
            }
            if (isFirst) {
                texts.addAll(here);
            } else {
                texts.retainAll(here);
            }
            isFirst = false;
            validated &= answer.getHeader().getFlag(Flags.AD);
        }
        return new Texts(texts, validated);
    }

    /**
     * The addresses of a host, IPv4 first.
     *
     * @param first those that the first name server gives; empty if the host has none
     * @param agreed those of them that all name servers give
     */
    record Addresses(List<InetAddress> first, List<InetAddress> agreed) {}

    /**
     * Returns the addresses of a host.
     *
     * @throws FetchException if a name server does not answer in time, or the names of the site were asked too often
     */
    Addresses addresses(String host, DnsBudget budget) throws FetchException {
        List<Question> four = ask(host, Type.A);
        List<Question> six = ask(host, Type.AAAA);
        List<Message> fours = answers(host, four, budget);
        List<Message> sixes = answers(host, six, budget);
        List<InetAddress> first = addresses(fours.get(0), sixes.get(0));
        List<InetAddress> agreed = new ArrayList<>(first);
        for (int i = 1; i < fours.size(); i++) {
            agreed.retainAll(addresses(fours.get(i), sixes.get(i)));
        }
        return new Addresses(first, agreed);
    }

    private static List<InetAddress> addresses(Message four, Message six) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Record record : records(four)) {
            if (record instanceof ARecord address) {
                addresses.add(address.getAddress());
            }
        }
        for (Record record : records(six)) {
            if (record instanceof AAAARecord address) {
                addresses.add(address.getAddress());
            }
        }
        return addresses;
    }

    private static List<Record> records(Message answer) {
        List<Record> answers = answer.getSection(Section.ANSWER);
        return answers.subList(0, Math.min(MAX_RECORDS, answers.size()));
    }

    /** A question to one name server, and its answer to come. */
    private record Question(Resolver server, Record asked, CompletableFuture<Message> answer) {
        static Question of(Resolver server, Record asked, boolean validates) {
            Message query = Message.newQuery(asked);
            if (!validates) {
                query.getHeader().setFlag(Flags.CD);
            }
            return new Question(server, asked, server.sendAsync(query).toCompletableFuture());
        }
    }

    /** Asks all name servers. The answers are read by {@link #answers}. */
    private List<Question> ask(String name, int type) throws FetchException {
        String site = PublicSuffixes.bundled().site(name);
        if (!bySite.mayVisit(site) || !all.mayVisit("")) {
            throw new FetchException(
                    Kind.TOO_OFTEN, "The names of " + site + " were asked often enough; try again in a minute");
        }
        try {
            Record asked = Record.newRecord(Name.fromString(name + "."), type, DClass.IN);
            return resolvers().stream()
                    .map(server -> Question.of(server, asked, true))
                    .toList();
        } catch (TextParseException malformed) {
            throw unreachable(name, "it is not a domain name");
        }
    }

    private static List<Message> answers(String name, List<Question> questions, DnsBudget budget)
            throws FetchException {
        List<Message> answers = new ArrayList<>();
        for (Question question : questions) {
            Message answer = answer(name, question, budget);
            int code = answer.getRcode();
            if (code == Rcode.SERVFAIL && exists(name, question, budget)) {
                throw new FetchException(Kind.FORGED, "DNS of " + name + ": its signatures are broken (DNSSEC)");
            }
            if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
                throw unreachable(name, "the name server answers " + Rcode.string(code));
            }
            answers.add(answer);
        }
        return answers;
    }

    /** Returns true if the name server has an answer once it does not validate signatures. */
    private static boolean exists(String name, Question failed, DnsBudget budget) throws FetchException {
        int code = answer(name, Question.of(failed.server, failed.asked, false), budget)
                .getRcode();
        return code == Rcode.NOERROR || code == Rcode.NXDOMAIN;
    }

    private static Message answer(String name, Question question, DnsBudget budget) throws FetchException {
        long start = System.nanoTime();
        try {
            return question.answer.get(budget.next(PATIENCE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException slow) {
            question.answer.cancel(false);
            throw unreachable(name, "no name server answers in time");
        } catch (ExecutionException failure) {
            throw unreachable(name, "no name server answers");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unreachable(name, "the check was aborted");
        } finally {
            budget.spend(System.nanoTime() - start);
        }
    }

    private static FetchException unreachable(String name, String why) {
        return new FetchException(Kind.UNREACHABLE, "DNS of " + name + ": " + why);
    }

    private synchronized List<Resolver> resolvers() {
        List<Resolver> current = resolvers;
        if (current == null) {
            current = config.nameServers()
                    .map(servers -> servers.stream()
                            .map(server -> patient(new ExtendedResolver(List.of(at(server)))))
                            .toList())
                    .orElseGet(() -> List.of(patient(new ExtendedResolver())));
            resolvers = current;
        }
        return current;
    }

    private static Resolver patient(ExtendedResolver resolver) {
        for (Resolver one : resolver.getResolvers()) {
            one.setTimeout(PATIENCE_PER_TRY);
        }
        resolver.setTimeout(PATIENCE);
        resolver.setEDNS(0, PAYLOAD_BYTES, ExtendedFlags.DO, List.of());
        return resolver;
    }

    private static Resolver at(String server) {
        int colon = server.lastIndexOf(':');
        return new SimpleResolver(
                new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))));
    }
}
