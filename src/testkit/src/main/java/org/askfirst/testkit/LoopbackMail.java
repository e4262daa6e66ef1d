package org.askfirst.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A mail server on this machine that takes every message (RFC 5321), and delivers none. */
public final class LoopbackMail implements AutoCloseable {
    private final ServerSocket socket;
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

    public LoopbackMail() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        daemon(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** The next message as it was sent, with its envelope, without soft line breaks; null if none came in time. */
    public @Nullable String next(Duration patience) throws InterruptedException {
        return messages.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "loopback-mail");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                daemon(() -> talk(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void talk(Socket client) {
        try (client;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
            OutputStream out = client.getOutputStream();
            StringBuilder message = new StringBuilder();
            say(out, "220 loopback");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String verb = line.split(" ", 2)[0].toUpperCase(java.util.Locale.ROOT);
                switch (verb) {
                    case "MAIL", "RCPT" -> {
                        message.append(line).append('\n');
                        say(out, "250 taken");
                    }
                    case "DATA" -> {
                        say(out, "354 go on");
                        for (line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                            message.append(line).append('\n');
                        }
                        messages.add(message.toString().replace("=\n", ""));
                        message.setLength(0);
                        say(out, "250 taken");
                    }
                    case "QUIT" -> {
                        say(out, "221 bye");
                        return;
                    }
                    default -> say(out, "250 loopback");
                }
            }
        } catch (IOException broken) {
            // The client has gone; what it sent completely is kept.
            return;
        }
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
