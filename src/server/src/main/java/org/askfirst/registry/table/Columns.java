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
 * Detects the types of a table's columns, from their names in Korean and English and from their cells.
 *
 * <p>Contacts of people are never guessed: a declared contact is public, and a list of works may have its members'
 * telephone numbers. Numbers of creators (ISNI, IPI) are not guessed either, because a declaration of one applies to
 * all works of the creator.
 */
public final class Columns {
    private static final int SAMPLES = 3;
    private static final int SHARE_BASE = 10;

    /**
     * Number of cells out of 10 that must be readable before a column without a known name is treated as identifiers.
     */
    private static final int MIN_SHARE = 6;

    private static final Map<String, ColumnType> BY_NAME = names();

    private Columns() {}

    /**
     * A column.
     *
     * @param name from the header row; empty without a header row
     * @param samples some of its cells
     * @param type its detected type; null if the type is not known
     */
    public record Column(
            String name, List<String> samples, @Nullable ColumnType type) {}

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

    private static void put(Map<String, ColumnType> names, ColumnType type, String list) {
        for (String name : list.split(" ", -1)) {
            names.put(name, type);
        }
    }

    /** Returns the number of the row that names the columns: the row with the most known names; 0 if there is none. */
    static long headerRow(List<Row> leading) {
        long best = 0;
        long most = 0;
        for (Row row : leading) {
            long knownNames = row.cells().stream()
                    .filter(cell -> BY_NAME.containsKey(plain(cell)))
                    .map(Columns::plain)
                    .distinct()
                    .count();
            if (knownNames > most) {
                most = knownNames;
                best = row.number();
            }
        }
        if (best > 0 || leading.isEmpty()) {
            return best;
        }
        // A first row of unknown names is a header row too, unless one of its cells is an identifier of a work.
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
        Set<ColumnType> used = new HashSet<>();
        for (int i = 0; i < width; i++) {
            int column = i;
            List<String> filled = data.stream()
                    .map(row -> row.cell(column))
                    .filter(cell -> !cell.isBlank())
                    .toList();
            ColumnType type = BY_NAME.get(plain(header.cell(column)));
            if (type == null) {
                type = byContent(filled);
            }
            // A work has one title; further columns with that name are somebody's notes.
            if (type != null && !type.identifies() && !type.equals(ColumnType.CREATORS) && !used.add(type)) {
                type = null;
            }
            columns.add(new Column(
                    header.cell(column).strip(),
                    filled.stream().distinct().limit(SAMPLES).toList(),
                    type));
        }
        return columns;
    }

    private static @Nullable ColumnType byContent(List<String> filled) {
        Map<SubjectScheme, Integer> counts = new EnumMap<>(SubjectScheme.class);
        for (String cell : filled) {
            SubjectScheme scheme = schemeOf(cell);
            if (scheme != null) {
                counts.merge(scheme, 1, Integer::sum);
            }
        }
        for (Map.Entry<SubjectScheme, Integer> count : counts.entrySet()) {
            if (count.getValue() * SHARE_BASE >= filled.size() * MIN_SHARE) {
                return ColumnType.of(count.getKey());
            }
        }
        int any = counts.values().stream().mapToInt(Integer::intValue).sum();
        return any > 0 && any * SHARE_BASE >= filled.size() * MIN_SHARE ? ColumnType.IDENTIFIER : null;
    }

    /**
     * Returns the scheme of a cell's identifier; null if it is not known, or if the identifier applies to more than one
     * work.
     */
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

    /** Returns a name without additions and punctuation: "ISBN-13 (필수)" becomes isbn13. */
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
