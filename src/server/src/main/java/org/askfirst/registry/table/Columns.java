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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    private static final int MAX_SHOWN = 200;
    private static final int MAX_ABOVE = 3;
    private static final int LONGEST_NAME = 200;

    /**
     * Number of cells out of 10 that must be readable before a column without a known name is treated as identifiers.
     */
    private static final int MIN_SHARE = 6;

    private static final Map<String, ColumnType> BY_NAME = names();

    /** Marks and words between the roles in the name of a column, as in "작사/작곡" and "words and music". */
    private static final Pattern BETWEEN_ROLES = Pattern.compile("[\\s·ㆍ・/,&+|]+|및|(?<=\\s)and(?=\\s)");

    /** Words in names of columns for creators, by the order in which their creators are declared. */
    private static final List<List<String>> ROLES = List.of(
            List.of("원작", "original"),
            List.of("작사", "lyric", "words"),
            List.of("작곡", "compos", "music"),
            List.of("편곡", "arrang"),
            List.of("저자", "저작", "지은", "작가", "글", "필자", "극본", "대본", "author", "writ", "script"),
            List.of("각색", "adapt"),
            List.of("그림", "삽화", "작화", "일러스트", "사진", "illustrat", "drawing", "art", "photo"),
            List.of("번역", "옮긴", "역자", "translat", "譯者"),
            List.of("연출", "감독", "안무", "direct", "choreograph"),
            List.of("가수", "노래", "실연", "연주", "출연", "perform", "singer"));

    /** Words that look like the words of another role. */
    private static final Map<String, Integer> ROLES_BY_NAME =
            Map.of("그림작가", 6, "사진작가", 6, "글작가", 4, "artist", 9, "artists", 9);

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

    /**
     * Returns the columns, counted from 0, from whose numbers a spreadsheet has removed leading zeros. A number of nine
     * digits shows it that is an ISBN with one zero in front.
     */
    public static Set<Integer> withoutZeros(List<Column> columns) {
        return IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).samples().stream().anyMatch(Columns::lacksZero))
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean lacksZero(String sample) {
        String digits = Blanks.strip(sample);
        if (digits.length() != 9 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        try {
            Subject.parse("isbn:0" + digits);
            return true;
        } catch (ProblemException none) {
            return false;
        }
    }

    private static Map<String, ColumnType> names() {
        Map<String, ColumnType> names = new HashMap<>();
        put(
                names,
                ColumnType.TITLE,
                "title titles booktitle worktitle songtitle tracktitle maintitle workname nameofwork 제목 서명 도서명 책제목 책이름 작품명"
                        + " 작품제목 작품 저작물명 저작물제목 저작물 곡명 곡제목 노래제목 음원명 앨범명 프로그램명 방송명 영화명 공연명 제호"
                        + " 표제 본표제 타이틀 도서제목 자료명 콘텐츠명 자료제목 논문명 논문제목 기사제목 작품이름 titre titres titel titulo título"
                        + " titolo tytuł название タイトル 題名 書名 作品名 曲名 题名 标题 標題 书名 作品名称 歌名 片名");
        put(
                names,
                ColumnType.CREATORS,
                "author authors creator creators artist artists writer writers composer composers lyricist performer"
                        + " performers choreographer director authorname bookauthor 저자 저자명 지은이 작가 작가명 글쓴이 글작가 창작자"
                        + " 창작자명 저작자 저작자명 작곡가 작곡 작곡자 작사가 작사 작사자 가수 가수명 아티스트 아티스트명 안무가 안무 연출 감독"
                        + " 실연자 필자 그림작가 저자이름 auteur auteurs autor autores autore autori verfasser autorzy автор"
                        + " 著者 著者名 作者 作家名 アーティスト 作曲者 作詞者 歌手 艺术家 譯者"
                        + " 글 그림 글그림 삽화 삽화가 일러스트 일러스트레이터 작화 번역 번역자 번역가 옮긴이 역자 원작자 각색 각색자"
                        + " 편곡 편곡자 편곡가 작사작곡 작곡작사 작곡편곡 작사작곡편곡 연주 연주자 출연자 극본 사진작가"
                        + " lyricists arranger arrangers illustrator illustrators translator translators photographer singer"
                        + " singers performedby writtenby composedby arrangedby translatedby illustratedby lyricsby"
                        + " wordsandmusic musicandlyrics lyricsandmusic");
        put(
                names,
                ColumnType.MEMBER_NUMBER,
                "membernumber memberno memberid membercode 회원번호 회원코드 회원no 회원id 회원아이디 회원관리번호 회원식별번호"
                        + " 협회회원번호 회원넘버 위임번호 会員番号 会员编号");
        put(names, ColumnType.KIND, "kind type worktype category genre 종류 분류 장르 유형 저작물종류 저작물유형 작품종류 자료유형 저작물구분");
        put(
                names,
                ColumnType.IDENTIFIER,
                "identifier identifiers subject subjects 식별번호 식별자 식별기호 표준번호 isbnissn issnisbn");
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

    /**
     * Returns the number of the row that names the columns; 0 if there is none.
     *
     * <p>It is the row with the most known names. A row with an identifier never is: it is a work. The rows above the
     * header have no identifiers, except some short ones above the table, such as the address of the society.
     */
    static long headerRow(List<Row> leading) {
        long best = 0;
        long most = 0;
        long widestAbove = 0;
        int identified = 0;
        for (Row row : leading) {
            long width =
                    row.cells().stream().filter(cell -> !Blanks.isBlank(cell)).count();
            if (Identifiers.areIn(row)) {
                identified += width > 1 ? 1 : 0;
                if (identified > MAX_ABOVE || (identified > 0 && best > 0)) {
                    break;
                }
                widestAbove = Math.max(widestAbove, width);
                continue;
            }
            long known = knownNames(row);
            // One known name may be the title of a work, unless the row is the first of the table.
            boolean isWidest = width > widestAbove;
            if (known > most && (identified > 0 ? known > 1 && isWidest : known > 1 || isWidest)) {
                most = known;
                best = row.number();
            }
            widestAbove = Math.max(widestAbove, width);
        }
        if (best > 0 || leading.size() < 2) {
            return best;
        }
        return namesColumns(leading.get(0), leading) ? leading.get(0).number() : 0;
    }

    private static long knownNames(Row row) {
        return row.cells().stream()
                .filter(name -> byName(name) != null)
                .map(Columns::plain)
                .distinct()
                .count();
    }

    /** Returns the type of a column with this name; null if the name is not known. */
    private static @Nullable ColumnType byName(String name) {
        ColumnType type = BY_NAME.get(plain(name));
        if (type != null || name.length() > LONGEST_NAME) {
            return type;
        }
        List<String> roles = BETWEEN_ROLES
                .splitAsStream(Blanks.strip(name))
                .filter(role -> !role.isEmpty())
                .toList();
        return roles.size() > 1 && roles.stream().allMatch(role -> ColumnType.CREATORS.equals(BY_NAME.get(plain(role))))
                ? ColumnType.CREATORS
                : null;
    }

    /**
     * Returns the place of the creators of a column among all creators of a work. It depends on the name of the column
     * and not on the place of the column, so that a list with its columns in another order declares the same works.
     */
    static int place(Column column) {
        String name = plain(column.name());
        Integer known = ROLES_BY_NAME.get(name);
        if (known != null) {
            return known;
        }
        for (int place = 0; place < ROLES.size(); place++) {
            if (ROLES.get(place).stream().anyMatch(name::contains)) {
                return place;
            }
        }
        return ROLES.size();
    }

    /** Returns true if a first row of unknown names may name the columns, because it names those with identifiers. */
    private static boolean namesColumns(Row first, List<Row> leading) {
        if (Identifiers.areIn(first)) {
            return false;
        }
        for (Row row : leading) {
            for (int column = 0; column < row.cells().size(); column++) {
                if (Blanks.isBlank(first.cell(column)) && Identifiers.schemeOf(row.cell(column)) != null) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Returns a number that is greater the more a sheet looks like a list of works. */
    static long score(List<Row> leading) {
        long identified = leading.stream().filter(Identifiers::areIn).count();
        long names = leading.stream().mapToLong(Columns::knownNames).max().orElse(0);
        return identified * 100 + (names > 1 ? names * 10 : names);
    }

    static List<Column> of(List<Row> leading, long headerRow) {
        Row header = leading.stream()
                .filter(row -> row.number() == headerRow)
                .findFirst()
                .orElse(new Row(0, List.of()));
        List<Row> data = leading.stream()
                .filter(row -> row.number() > headerRow && row.skip() == null)
                .toList();
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
                    .filter(cell -> !Blanks.isBlank(cell) && !Sieve.isNothing(cell) && !Placeholders.isOne(cell))
                    .toList();
            ColumnType type = byName(header.cell(column));
            if (type == null) {
                type = byContent(filled);
            }
            // A work has one title; further columns with that name are somebody's notes.
            if (type != null && !type.identifies() && !type.equals(ColumnType.CREATORS) && !used.add(type)) {
                type = null;
            }
            columns.add(new Column(
                    shortened(Blanks.strip(header.cell(column))),
                    filled.stream()
                            .distinct()
                            .limit(SAMPLES)
                            .map(Columns::shortened)
                            .toList(),
                    type));
        }
        return columns;
    }

    private static @Nullable ColumnType byContent(List<String> filled) {
        Map<SubjectScheme, Integer> counts = new EnumMap<>(SubjectScheme.class);
        for (String cell : filled) {
            SubjectScheme scheme = Identifiers.schemeOf(cell);
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

    private static String shortened(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    /** Returns a name without additions and punctuation: "ISBN-13 (필수)" becomes isbn13. */
    private static String plain(String name) {
        if (name.length() > LONGEST_NAME) {
            return "";
        }
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\([^)]*\\)|\\[[^]]*]|\\*", "");
        return plain.codePoints()
                .filter(Character::isLetterOrDigit)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
