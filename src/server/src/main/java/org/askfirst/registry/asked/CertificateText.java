package org.askfirst.registry.asked;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.statement.DeclarationState;

/** The sentences of a certificate of retrievability, in Korean and English. Times are in UTC. */
final class CertificateText {
    private CertificateText() {}

    static Retrievability.Text of(
            DeclarationState state,
            LedgerEntry first,
            SortedMap<LocalDate, ShownCounts> days,
            ShownCounts total,
            Instant until) {
        String id = state.id().toString();
        String since = first.recordedAt().toString();
        String withdrawnKo = state.withdrawn() ? " 이 등록은 " + state.latest().recordedAt() + "에 철회되었습니다." : "";
        String withdrawnEn =
                state.withdrawn() ? " It was withdrawn at " + state.latest().recordedAt() + "." : "";
        long shown = total.identified() + total.anonymous();
        String retrievedKo = days.isEmpty()
                ? until + "까지 표시할 조회 기록이 없습니다."
                : "첫 조회는 " + days.firstKey() + ", 마지막 조회는 " + days.lastKey() + "이며, " + until + "까지 모두 " + shown
                        + "회 이상 조회되었습니다. 그중 " + total.identified() + "회는 이름을 밝힌 조회자가 조회한 것입니다.";
        String retrievedEn = days.isEmpty()
                ? "No lookups are shown up to " + until + "."
                : "It was first looked up on " + days.firstKey() + " and last on " + days.lastKey() + ", and at least "
                        + shown + " times up to " + until + ". " + total.identified()
                        + " of these lookups were made by named askers.";
        return new Retrievability.Text(
                List.of(
                        "등록 " + id + "의 내용은 " + since + "(UTC)에 기록 " + first.position()
                                + "번으로 등록되었고, 그때부터 기계가 읽을 수 있는 형식으로 제공되었습니다." + withdrawnKo,
                        retrievedKo,
                        "이름을 밝히지 않은 조회는 10회 단위로만 표시하며, 등록한 본인의 조회는 포함하지 않습니다. 구간 조회, 내려받은 사본에서 한 확인, 미러에서 한"
                                + " 조회는 등록부에 알려지지 않으므로 포함되지 않습니다.",
                        "기록과 그 시각은 누구나 공개된 해시 트리로 증명할 수 있습니다. 조회 횟수는 해시 트리에 들어 있지 않으며, 등록부가 서명으로 확인합니다."),
                List.of(
                        "The declaration " + id + " was recorded at " + since + " (UTC) as entry " + first.position()
                                + ", and has been served in a machine-readable form since then." + withdrawnEn,
                        retrievedEn,
                        "Lookups without a name are shown in tens only, and lookups by the declaring party are left out."
                                + " Range lookups, checks in downloaded copies, and lookups at mirrors are not known to"
                                + " the registry and are left out, too.",
                        "Anybody can prove the entry and its time with the public hash tree. The numbers of lookups are"
                                + " not in the tree; the registry attests them with its signature."));
    }
}
