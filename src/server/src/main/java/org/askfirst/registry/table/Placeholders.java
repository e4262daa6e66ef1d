package org.askfirst.registry.table;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Words that people write where a number does not exist, or not yet: "신청중", "미부여", "TBD". Such a cell counts as
 * empty. A title is never a placeholder.
 */
final class Placeholders {
    private static final int LONGEST = 60;

    private static final Set<String> WORDS = Set.of(("신청 신청중 신청예정 신청함 신청완료 신청전 미신청 발급 발급중 발급전 발급예정 발급신청 발급대기 발급요청 미발급"
                    + " 부여중 부여전 부여예정 부여신청 부여대기 미부여 배정중 배정전 배정예정 미배정 등록중 등록전 등록예정 등록신청 등록대기 미등록"
                    + " 등록안됨 접수 접수중 접수예정 심사중 검토중 확인중 확인필요 확인요망 미확인 조회중 조회안됨 처리중 진행중 준비중 작업중 대기"
                    + " 대기중 보류 보류중 예정 미정 추후 추후입력 추후등록 추후기재 추후부여 추후발급 추후통보 나중에 공란 빈칸 미기재 미입력"
                    + " 미상 불명 없음 없슴 없다 번호없음 코드없음 해당없음 해당사항없음 해당무 해당안됨 비해당 미해당 무 비회원"
                    + " tbd tba tbc pending unknown unassigned notassigned notavailable notapplicable notyet notyetassigned"
                    + " appliedfor applied inprogress inprocess requested awaiting awaitingassignment tobeassigned"
                    + " tobeannounced tobeconfirmed tobedetermined missing na n/a none no nil null nan undefined blank empty"
                    + " nothing forthcoming later 申請中 未定 なし 未取得 申请中 无 暂无 未定号")
            .split(" ", -1));

    /** A remark in brackets at the end, without a number that could be an identifier. */
    private static final Pattern REMARK = Pattern.compile("(?<=.)[(\\[][^()\\[\\]]{0,40}[)\\]]$");

    private static final Pattern MARKS = Pattern.compile("[\\s().\\[\\]{}<>*?!~…·\"'“”‘’:;,_-]+");
    private static final int FEWEST_DIGITS = 5;

    private Placeholders() {}

    /** Returns true if the text of a cell stands in the place of a number. */
    static boolean isOne(String text) {
        if (text.length() > LONGEST || text.chars().filter(Character::isDigit).count() >= FEWEST_DIGITS) {
            return false;
        }
        String word = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return isWord(word) || isWord(REMARK.matcher(Blanks.strip(word)).replaceFirst(""));
    }

    private static boolean isWord(String text) {
        String bare = MARKS.matcher(text).replaceAll("");
        return WORDS.contains(bare) || (bare.isEmpty() && !text.isEmpty()) || Sieve.isNothing(text);
    }
}
