package org.askfirst.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** A name server on a loopback port that says what a test wishes; to begin with, every host is this machine. */
public final class LoopbackDns implements AutoCloseable {
    private static final long TTL = 60;

    private final DatagramSocket socket;
    private final Map<String, List<String>> texts = new ConcurrentHashMap<>();
    private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private volatile boolean validating;
    private volatile int code = Rcode.NOERROR;

    /** On that port of 127.0.0.1; 0 for any. */
    public LoopbackDns(int port) {
        try {
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread thread = new Thread(this::serve, "loopback-dns");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it listens. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Puts TXT records at a name. */
    public void text(String name, String... values) {
        texts.put(name, List.of(values));
    }

    /** Gives a host those addresses, all at once. */
    public void addresses(String host, String... values) {
        addresses.put(host, List.of(values));
    }

    /** Gives a host another address at each question, in turn. */
    public void addressesInTurn(String host, String... values) {
        addresses.put(host, List.of(values));
        turns.put(host, new AtomicInteger());
    }

    /** Sets the flag that claims that signatures were checked. */
    public void validating(boolean says) {
        validating = says;
    }

    /** Never answers a question about that site. */
    public void silence(String site) {
        silent.add(site);
    }

    /** Fails each question about that name and those below it, unless the asker wants no validation of signatures. */
    public void breakSignatures(String name) {
        broken.add(name);
    }

    private boolean isBroken(Message query) {
        String name = query.getQuestion().getName().toString(true).toLowerCase(Locale.ROOT);
        return !query.getHeader().getFlag(Flags.CD)
                && broken.stream().anyMatch(site -> name.equals(site) || name.endsWith("." + site));
    }

    private boolean isSilent(Message query) {
        String name = query.getQuestion().getName().toString(true).toLowerCase(Locale.ROOT);
        return silent.stream().anyMatch(site -> name.equals(site) || name.endsWith("." + site));
    }

    /** With what code it answers everything. */
    public void failing(int with) {
        code = with;
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (isSilent(query)) {
                    continue;
                }
                byte[] answer = answer(query).toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException closed) {
                if (socket.isClosed()) {
                    return;
                }
            }
        }
    }

    private Message answer(Message query) throws IOException {
        Message answer = new Message(query.getHeader().getID());
        Header header = answer.getHeader();
        header.setFlag(Flags.QR);
        header.setFlag(Flags.RA);
        header.setRcode(isBroken(query) ? Rcode.SERVFAIL : code);
        if (validating) {
            header.setFlag(Flags.AD);
        }
        Record question = query.getQuestion();
        answer.addRecord(question, Section.QUESTION);
        if (header.getRcode() == Rcode.SERVFAIL) {
            return answer;
        }
        for (Record record : records(question.getName(), question.getType())) {
            answer.addRecord(record, Section.ANSWER);
        }
        return answer;
    }

    private List<Record> records(Name name, int type) throws IOException {
        String host = name.toString(true).toLowerCase(Locale.ROOT);
        List<Record> records = new ArrayList<>();
        if (type == Type.TXT) {
            for (String text : texts.getOrDefault(host, List.of())) {
                records.add(new TXTRecord(name, DClass.IN, TTL, text));
            }
            return records;
        }
        List<String> known = addresses.getOrDefault(host, List.of("127.0.0.1"));
        AtomicInteger turn = turns.get(host);
        List<String> said = turn == null
                ? known
                : type == Type.A ? List.of(known.get(turn.getAndIncrement() % known.size())) : List.of();
        for (String one : said) {
            InetAddress address = InetAddress.getByName(one);
            boolean four = address.getAddress().length == 4;
            if (type == Type.A && four) {
                records.add(new ARecord(name, DClass.IN, TTL, address));
            } else if (type == Type.AAAA && !four) {
                records.add(new AAAARecord(name, DClass.IN, TTL, address));
            }
        }
        return records;
    }

    @Override
    public void close() {
        socket.close();
    }
}
