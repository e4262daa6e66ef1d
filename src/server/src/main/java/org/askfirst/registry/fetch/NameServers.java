package org.askfirst.registry.fetch;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 * Queries the DNS through the name servers of this machine. Never reads its hosts file.
 *
 * <p>DNSSEC signatures are not validated here, but by the name server, which reports that it did so (RFC 4035, section
 * 3.2.3).
 */
@ApplicationScoped
public class NameServers {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final int PAYLOAD_BYTES = 1232;
    private static final int MAX_RECORDS = 100;

    private final FetchConfig config;
    private @Nullable Resolver resolver;

    NameServers(FetchConfig config) {
        this.config = config;
    }

    /**
     * The TXT records of a name.
     *
     * @param texts empty if the name, or a TXT record of it, does not exist
     * @param validated true if the name server reports that it validated the signatures
     */
    public record Texts(List<String> texts, boolean validated) {}

    /**
     * Returns the TXT records of a name.
     *
     * @throws FetchException if the name server does not answer
     */
    public Texts texts(String name) throws FetchException {
        Message answer = ask(name, Type.TXT);
        List<String> texts = new ArrayList<>();
        for (Record record : answers(answer)) {
            if (record instanceof TXTRecord text) {
                texts.add(String.join("", text.getStrings()));
            }
        }
        return new Texts(texts, answer.getHeader().getFlag(Flags.AD));
    }

    /**
     * Returns the addresses of a host, IPv4 first; empty if it has none.
     *
     * @throws FetchException if the name server does not answer
     */
    List<InetAddress> addresses(String host) throws FetchException {
        List<InetAddress> addresses = new ArrayList<>();
        for (Record record : answers(ask(host, Type.A))) {
            if (record instanceof ARecord address) {
                addresses.add(address.getAddress());
            }
        }
        for (Record record : answers(ask(host, Type.AAAA))) {
            if (record instanceof AAAARecord address) {
                addresses.add(address.getAddress());
            }
        }
        return addresses;
    }

    private static List<Record> answers(Message answer) {
        List<Record> answers = answer.getSection(Section.ANSWER);
        return answers.subList(0, Math.min(MAX_RECORDS, answers.size()));
    }

    private Message ask(String name, int type) throws FetchException {
        try {
            Record question = Record.newRecord(Name.fromString(name + "."), type, DClass.IN);
            Message answer = resolver().send(Message.newQuery(question));
            int code = answer.getRcode();
            if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
                throw unreachable(name, "the name server answers " + Rcode.string(code));
            }
            return answer;
        } catch (TextParseException malformed) {
            throw unreachable(name, "it is not a domain name");
        } catch (IOException failure) {
            throw unreachable(name, "no name server answers");
        }
    }

    private static FetchException unreachable(String name, String why) {
        return new FetchException(FetchException.Kind.UNREACHABLE, "DNS of " + name + ": " + why);
    }

    private synchronized Resolver resolver() {
        Resolver current = resolver;
        if (current == null) {
            current = config.nameServer().map(NameServers::at).orElseGet(ExtendedResolver::new);
            current.setTimeout(PATIENCE);
            current.setEDNS(0, PAYLOAD_BYTES, ExtendedFlags.DO, List.of());
            resolver = current;
        }
        return current;
    }

    private static Resolver at(String server) {
        int colon = server.lastIndexOf(':');
        return new SimpleResolver(
                new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))));
    }
}
