package org.askfirst.bench.input;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Sends real lists through a running service: a society's spreadsheet of books, and a crawler's work list.
 *
 * <p>It is one file that needs only a JDK: {@code java RealInput.java …} runs it, and a journey of the service does so.
 * Therefore it uses no other class of the bench.
 */
public final class RealInput {
    private static final Pattern KEY = Pattern.compile("\"key\":\"(afk_[0-9a-z]+)\"");
    private static final Pattern PARTY = Pattern.compile("\"id\":\"(p_[0-9a-z]+)\"");
    private static final Pattern VERDICT =
            Pattern.compile("\\{(?:\"line\":[0-9]+,)?\"id\":\"[0-9]+\",\"(?:verdict\":\"([a-z]+)|(problem))\"");
    private static final int CALL = 10_000;
    private static final int RULES = 50;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String root;
    private final Path answers;
    private final List<Book> books;
    private final List<String> urls;
    private final List<String> table = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    private record Book(String title, String creators, String given, String isbn) {}

    private RealInput(String root, Path data, Path answers) throws IOException {
        this.root = root.replaceFirst("/$", "");
        this.answers = answers;
        this.books = books(Files.readString(data.resolve("books.csv")));
        this.urls = Files.readAllLines(data.resolve("urls.txt"));
    }

    /** {@code declare URL DATA ANSWERS OPERATOR-KEY} or {@code again URL DATA ANSWERS}. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 4 || !List.of("declare", "again").contains(arguments[0])) {
            System.err.println("declare URL DATA ANSWERS OPERATOR-KEY  |  again URL DATA ANSWERS");
            System.exit(2);
        }
        RealInput run = new RealInput(arguments[1], Path.of(arguments[2]), Path.of(arguments[3]));
        boolean first = arguments[0].equals("declare");
        if (first) {
            Files.createDirectories(run.answers);
            run.declare(arguments[4]);
        }
        run.lookUp(first);
        System.out.println("| what | how many | ms | a second | answers |");
        System.out.println("|---|---:|---:|---:|---|");
        run.table.forEach(System.out::println);
        run.wrong.forEach(line -> System.out.println("WRONG: " + line));
        System.exit(run.wrong.isEmpty() ? 0 : 1);
    }

    private void declare(String operatorKey) throws Exception {
        String opened = send("POST", "/v1/parties", "application/json", "", """
                {"name":"Society of the 10,000 books","kind":"society","contact":"mailto:licence@books.example"}""");
        String key = find(KEY, opened);
        String party = find(PARTY, opened);

        int damaged = 0;
        int numberless = 0;
        StringBuilder batch = new StringBuilder();
        for (Book book : books) {
            if (book.isbn().isEmpty()) {
                if (book.given().isEmpty()) {
                    numberless++;
                } else {
                    damaged++;
                }
                batch.append("{\"work\":{\"title\":")
                        .append(quote(book.title()))
                        .append(",\"creators\":[");
                batch.append(List.of(book.creators().split(", ", -1)).stream()
                        .filter(name -> !name.isBlank())
                        .map(RealInput::quote)
                        .collect(Collectors.joining(",")));
                batch.append("],\"kind\":\"book\"}");
            } else {
                batch.append("{\"subjects\":[\"isbn:").append(book.isbn()).append("\"]");
            }
            batch.append(",\"stances\":{\"text-and-data-mining\":\"reserved\"}}\n");
        }
        long start = System.nanoTime();
        String answered = send("POST", "/v1/declarations/batch", "application/x-ndjson", key, batch.toString());
        long repeated = count(answered, "\"alreadyDeclared\":true");
        long problems = count(answered, "\"problem\":");
        row(
                "declare books, one batch",
                books.size(),
                start,
                "without ISBN " + numberless + ", with a wrong check digit " + damaged + " (both as works), repeated "
                        + repeated + ", refused " + problems);
        check(answered.lines().count() == books.size(), "every book is answered");
        check(
                problems == 0,
                "no book is refused: "
                        + answered.lines()
                                .filter(line -> line.contains("problem"))
                                .findFirst());

        List<String> rules = rules();
        start = System.nanoTime();
        int refused = 0;
        for (String rule : rules) {
            String answer = send(
                    "POST",
                    "/v1/declarations",
                    "application/json",
                    key,
                    "{\"subjects\":[" + quote(rule) + "],\"stances\":{\"text-and-data-mining\":\"reserved\"}}");
            if (!answer.contains("\"pending\":[\"")) {
                refused++;
                check(answer.contains("problem"), rule + " is pending: " + answer);
            }
        }
        row("declare domains and paths, one by one", rules.size(), start, "refused " + refused);
        check(refused == 0, "no rule is refused");

        start = System.nanoTime();
        List<String> proved = provedOf(rules);
        for (String rule : proved) {
            String answer = send(
                    "POST",
                    "/v1/operator/controls",
                    "application/json",
                    operatorKey,
                    "{\"party\":\"" + party + "\",\"subject\":" + quote(rule) + ",\"reason\":\"real input\"}");
            check(answer.contains("\"method\":\"operator\""), answer);
        }
        row("the operator proves control", proved.size(), start, "");
    }

    /** The most frequent hosts as domains, then the folders of the first links to further hosts. */
    private List<String> rules() {
        Map<String, Integer> hosts = new LinkedHashMap<>();
        Map<String, String> folders = new LinkedHashMap<>();
        for (String url : urls) {
            Matcher parts = Pattern.compile("https?://([a-z0-9.-]+)(/[A-Za-z0-9._/-]*/)?.*")
                    .matcher(url);
            if (parts.matches()) {
                hosts.merge(parts.group(1), 1, Integer::sum);
                if (parts.group(2) != null) {
                    folders.putIfAbsent(parts.group(1), "under:https://" + parts.group(1) + parts.group(2));
                }
            }
        }
        Set<String> rules = new LinkedHashSet<>();
        hosts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(RULES / 2)
                .forEach(host -> rules.add("domain:" + host.getKey()));
        hosts.keySet().stream()
                .filter(folders::containsKey)
                .filter(host -> !rules.contains("domain:" + host))
                .map(folders::get)
                .limit(RULES - rules.size())
                .toList()
                .forEach(rules::add);
        return List.copyOf(rules);
    }

    private static List<String> provedOf(List<String> rules) {
        List<String> proved = new ArrayList<>();
        for (int i = 0; i < rules.size(); i += 2) {
            proved.add(rules.get(i));
        }
        return proved;
    }

    private void lookUp(boolean first) throws Exception {
        List<String> asked = urls.stream().map(url -> "url:" + url).toList();
        List<String> isbns = books.stream()
                .filter(book -> !book.isbn().isEmpty())
                .map(book -> "isbn:" + book.isbn())
                .toList();

        long start = System.nanoTime();
        String lines = send("POST", "/v1/lookups", "application/x-ndjson", "", items(asked, 0, "\n"));
        row("look up URLs, one NDJSON call", asked.size(), start, verdicts(lines));
        check(lines.lines().count() == asked.size(), "every URL is answered");
        keepOrCompare("urls.ndjson", lines, first);

        start = System.nanoTime();
        StringBuilder calls = new StringBuilder();
        for (int from = 0; from < asked.size(); from += CALL) {
            List<String> some = asked.subList(from, Math.min(asked.size(), from + CALL));
            calls.append(inOneCall(some, from)).append('\n');
        }
        row("look up URLs, JSON calls of " + CALL, asked.size(), start, verdicts(calls.toString()));
        keepOrCompare("urls.json", calls.toString(), first);
        check(verdicts(calls.toString()).equals(verdicts(lines)), "both ways of asking give the same verdicts");

        start = System.nanoTime();
        String known = inOneCall(isbns, 0);
        row("look up ISBNs, one JSON call", isbns.size(), start, verdicts(known));
        check(verdicts(known).equals("ask " + isbns.size()), "every declared ISBN is to be asked for");
        keepOrCompare("isbns.json", known, first);

        List<String> proved = provedOf(rules());
        List<String> answered = lines.lines().toList();
        for (int i = 0; i < asked.size(); i++) {
            String url = urls.get(i);
            boolean reached = proved.stream().anyMatch(rule -> reaches(rule, url));
            if (reached && !answered.get(i).contains("\"verdict\":\"ask\"")) {
                wrong.add("proved, but not to be asked for: " + url + " " + answered.get(i));
            }
            check(!answered.get(i).contains("\"verdict\":\"allow\""), "nothing is allowed: " + url);
        }
    }

    private static boolean reaches(String rule, String url) {
        String start = rule.startsWith("under:") ? rule.substring(6) : "https://" + rule.substring(7) + "/";
        return url.startsWith(start) && !url.contains("/../");
    }

    private String inOneCall(List<String> subjects, int from) throws Exception {
        String answer =
                send("POST", "/v1/lookups", "application/json", "", "{\"items\":[" + items(subjects, from, ",") + "]}");
        // The moment differs from call to call; the position must not.
        return answer.replaceFirst("\"asOf\":\"[^\"]*\",\"answeredAt\":\"[^\"]*\",", "");
    }

    private static String items(List<String> subjects, int from, String between) {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < subjects.size(); i++) {
            items.append(i == 0 ? "" : between)
                    .append("{\"id\":\"")
                    .append(from + i)
                    .append("\",\"subjects\":[");
            items.append(quote(subjects.get(i))).append("]}");
        }
        return items.toString();
    }

    private static String verdicts(String answered) {
        Map<String, Integer> counts = new TreeMap<>();
        Matcher verdict = VERDICT.matcher(answered);
        while (verdict.find()) {
            counts.merge(verdict.group(1) == null ? "problem" : verdict.group(1), 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining(", "));
    }

    private void keepOrCompare(String name, String answered, boolean first) throws IOException {
        Path file = answers.resolve(name);
        if (first) {
            Files.writeString(file, answered);
        } else {
            check(Files.readString(file).equals(answered), name + " is answered as before");
        }
    }

    private String send(String method, String path, String type, String key, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        HttpResponse<String> answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        check(answer.statusCode() < 300, path + " answers " + answer.statusCode() + ": " + answer.body());
        return answer.body();
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            wrong.add("not true: " + what);
        }
    }

    private void row(String what, int many, long start, String answered) {
        long millis = Math.max(1, (System.nanoTime() - start) / 1_000_000);
        table.add(String.format(
                Locale.ROOT, "| %s | %,d | %,d | %,d | %s |", what, many, millis, many * 1000L / millis, answered));
    }

    private static String find(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return found.group(1);
    }

    private static long count(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).count();
    }

    private static List<Book> books(String csv) {
        List<Book> books = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (char c : csv.replace("\r\n", "\n").toCharArray()) {
            if (c == '"') {
                // Doubled inside quotes it stands for itself: the first one ends them, the second begins them again.
                if (!quoted && field.length() > 0) {
                    field.append('"');
                }
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    books.add(new Book(row.get(0), row.get(1), row.get(2), repaired(row.get(2))));
                    row.clear();
                }
            } else {
                field.append(c);
            }
        }
        return books.subList(1, books.size());
    }

    /** The ISBN-10 with the leading zeros that a spreadsheet took away; empty if its check digit is wrong. */
    private static String repaired(String given) {
        String digits = given.strip().toUpperCase(Locale.ROOT);
        if (digits.isEmpty() || digits.length() > 10) {
            return "";
        }
        String ten = "0".repeat(10 - digits.length()) + digits;
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            char c = ten.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c == 'X' && i == 9)) {
                return "";
            }
            sum += (c == 'X' ? 10 : c - '0') * (10 - i);
        }
        return sum % 11 == 0 ? ten : "";
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
