package org.askfirst.registry.table;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.askfirst.problem.ProblemException;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a table seem to hold, by their names in Korean and English and by what is in them.
 *
 * <p>Addresses of people are never guessed: what is declared as a contact is shown to everybody, and a list of works
 * may have its members' telephone numbers in it. Nor are the numbers of creators (ISNI, IPI), which would speak for
 * all that somebody made.
 */
public final class Columns {
    private static final int SAMPLES = 3;
    private static final int MOST_OF = 10;

    /** Of ten filled cells so many must be read before an unnamed column is taken for identifiers. */
    private static final int ENOUGH_OF_MOST = 6;

    private static final Map<String, ColumnType> BY_NAME = names();

    private Columns() {}

    /**
     * A column.
     *
     * @param name from the header row; empty without one
     * @param samples some of what is in it
     * @param role what it seems to hold; null if that cannot be told
     */
    public record Column(
            String name, List<String> samples, @Nullable ColumnType role) {}

    private static Map<String, ColumnType> names() {
        Map<String, ColumnType> names = new HashMap<>();
        put(
                names,
                ColumnType.TITLE,
                "title booktitle worktitle songtitle tracktitle maintitle workname nameofwork 제목 서명 도서명 책제목 책이름 작품명"
                        + " 작품제목 작품 저작물명 저작물제목 저작물 곡명 곡제목 노래제목 음원명 앨범명 프로그램명 방송명 영화명 공연명 제호"
                        + " 표제 본표제 타이틀 도서제목 자료명 콘텐츠명");
        put(
                names,
                ColumnType.CREATORS,
                "author authors creator creators artist artists writer writers composer composers lyricist performer"
                        + " performers choreographer director authorname bookauthor 저자 저자명 지은이 작가 작가명 글쓴이 글작가 창작자"
                        + " 창작자명 저작자 저작자명 작곡가 작곡 작곡자 작사가 작사 작사자 가수 가수명 아티스트 아티스트명 안무가 안무 연출 감독"
                        + " 실연자 필자 그림작가 저자이름");
        put(names, ColumnType.KIND, "kind type worktype category genre 종류 분류 장르 유형 저작물종류 저작물유형 작품종류 자료유형 저작물구분");
        put(names, ColumnType.IDENTIFIER, "identifier identifiers subject subjects 식별번호 식별자 식별기호 표준번호");
        for (SubjectScheme scheme : SubjectScheme.values()) {
            scheme.columnNames().forEach(name -> names.put(name, ColumnType.of(scheme)));
        }
        return Map.copyOf(names);
    }

    private static void put(Map<String, ColumnType> names, ColumnType role, String list) {
        for (String name : list.split(" ", -1)) {
            names.put(name, role);
        }
    }

    /** Which of the first rows names the columns: the one with most names that are known; 0 if none does. */
    static long headerRow(List<Row> leading) {
        long best = 0;
        long most = 0;
        for (Row row : leading) {
            long known = row.cells().stream()
                    .filter(cell -> BY_NAME.containsKey(plain(cell)))
                    .map(Columns::plain)
                    .distinct()
                    .count();
            if (known > most) {
                most = known;
                best = row.number();
            }
        }
        if (best > 0 || leading.isEmpty()) {
            return best;
        }
        // Names that nobody knows are names all the same, unless something in the row is a work's already.
        Row first = leading.get(0);
        return leading.size() > 1 && first.cells().stream().allMatch(cell -> schemeOf(cell) == null)
                ? first.number()
                : 0;
    }

    static List<Column> of(List<Row> leading, long headerRow) {
        Row header = leading.stream()
                .filter(row -> row.number() == headerRow)
                .findFirst()
                .orElse(new Row(0, List.of()));
        List<Row> data =
                leading.stream().filter(row -> row.number() > headerRow).toList();
        int width = header.cells().size();
        for (Row row : data) {
            width = Math.max(width, row.cells().size());
        }
        List<Column> columns = new ArrayList<>();
        Set<ColumnType> taken = new HashSet<>();
        for (int i = 0; i < width; i++) {
            int column = i;
            List<String> filled = data.stream()
                    .map(row -> row.cell(column))
                    .filter(cell -> !cell.isBlank())
                    .toList();
            ColumnType role = BY_NAME.get(plain(header.cell(column)));
            if (role == null) {
                role = byContent(filled);
            }
            // A work has one title; further columns of the same name are somebody's notes.
            if (role != null && !role.identifies() && !role.equals(ColumnType.CREATORS) && !taken.add(role)) {
                role = null;
            }
            columns.add(new Column(
                    header.cell(column).strip(),
                    filled.stream().distinct().limit(SAMPLES).toList(),
                    role));
        }
        return columns;
    }

    private static @Nullable ColumnType byContent(List<String> filled) {
        Map<SubjectScheme, Integer> read = new EnumMap<>(SubjectScheme.class);
        for (String cell : filled) {
            SubjectScheme scheme = schemeOf(cell);
            if (scheme != null) {
                read.merge(scheme, 1, Integer::sum);
            }
        }
        for (Map.Entry<SubjectScheme, Integer> one : read.entrySet()) {
            if (one.getValue() * MOST_OF >= filled.size() * ENOUGH_OF_MOST) {
                return ColumnType.of(one.getKey());
            }
        }
        int any = read.values().stream().mapToInt(Integer::intValue).sum();
        return any > 0 && any * MOST_OF >= filled.size() * ENOUGH_OF_MOST ? ColumnType.IDENTIFIER : null;
    }

    /** What a cell is by itself; null if that cannot be told, or would speak for more than a work. */
    private static @Nullable SubjectScheme schemeOf(String cell) {
        String text = cell.strip();
        if (text.length() < 8) {
            return null;
        }
        try {
            SubjectScheme scheme = Subject.recognise(text).scheme();
            boolean isPlainNumber = text.chars().allMatch(Character::isDigit) && text.length() < 10;
            boolean isAddress = scheme == SubjectScheme.URL && !text.contains("://");
            return scheme.needsControl() || isPlainNumber || isAddress ? null : scheme;
        } catch (ProblemException none) {
            return null;
        }
    }

    /** A name without what people put around it: "ISBN-13 (필수)" is isbn13. */
    private static String plain(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\([^)]*\\)|\\[[^]]*]|\\*", "");
        return plain.codePoints()
                .filter(Character::isLetterOrDigit)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
