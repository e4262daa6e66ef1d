package org.askfirst.registry.party;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.postgres.SqlColumns;
import org.jspecify.annotations.Nullable;

/**
 * The notices of a party: messages that its account shows, in Korean and English.
 *
 * <p>Strangers can cause some kinds of notice at will. These are grouped by the party that causes them, and few are
 * kept. Disputes and rejections are not grouped: each has its own clock, and a party can make a limited number in a day.
 * The other kinds need the consent of somebody whom the party or the operator trusts. Those by which a party could lose
 * its account are kept for ever, and no other notice takes their place ({@link Weight}).
 */
@ApplicationScoped
public class Notices {
    private static final int SHOWN = 50;

    private static final Duration FOR_EVER = Duration.ofDays(36_500);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneId.of("Asia/Seoul"));

    /** The place of a notice's weight among all, in SQL. */
    private static final String WEIGHT = Arrays.stream(Kind.values())
            .map(kind -> "when '" + kind.wireName + "' then " + kind.weight.place)
            .collect(Collectors.joining(" ", "case kind ", " end"));

    /** A later release may have added kinds, before this one was started again. */
    private static final String KNOWN = Arrays.stream(Kind.values())
            .map(kind -> "'" + kind.wireName + "'")
            .collect(Collectors.joining(", ", "kind in (", ") and "));

    private final DataSource dataSource;
    private final List<NoticeListener> listeners;

    Notices(DataSource dataSource, @All List<NoticeListener> listeners) {
        this.dataSource = dataSource;
        this.listeners = listeners;
    }

    /** The importance of a notice, the greatest first. Only a more important notice takes the place of another. */
    enum Weight {
        /** Somebody may act for the account, or wants to. */
        ACCOUNT(1, Integer.MAX_VALUE),
        /** Something of the party changed. */
        OWN(2, 10_000),
        /** A stranger wants something. */
        STRANGER(3, 200);

        private final int place;

        /** Number of notices of one kind that a party keeps. */
        private final int most;

        Weight(int place, int most) {
            this.place = place;
            this.most = most;
        }
    }

    /** The kinds of notice. In a text, {@code %1$s} is the subject or id, and {@code %2$s} is the last day. */
    public enum Kind {
        CONTROL_PROVED(
                Weight.OWN,
                "control-proved",
                "Control of %1$s is proved. Your declarations on it apply.",
                "%1$s의 관리 권한을 확인했어요. 이곳에 대한 등록은 효력이 있어요."),
        CONTROL_GONE(
                Weight.OWN,
                "control-gone",
                "The token for %1$s is no longer there. If you do not put it back before %2$s, the proof of control is"
                        + " revoked, and the declarations that depend on it stop applying.",
                "%1$s에서 확인 문구가 더 이상 보이지 않아요. %2$s 전까지 다시 넣지 않으면 관리 권한 확인이 끝나고," + " 이에 따른 등록도 효력을 잃어요."),
        CONTROL_REVOKED(
                Weight.OWN,
                "control-revoked",
                "The proof of control of %1$s is revoked. Put the token back and check again.",
                "%1$s의 관리 권한 확인이 끝났어요. 확인 문구를 다시 넣은 뒤 확인해 주세요."),
        VOUCHED(Weight.ACCOUNT, "vouched", "The body %1$s vouches for you.", "단체 %1$s에서 회원님을 확인했어요."),
        VOUCHING_OFFERED(
                Weight.ACCOUNT,
                "vouching-offered",
                "The body %1$s wants to confirm that you are its member. Accept or decline it before %2$s.",
                "단체 %1$s에서 회원님이 소속 회원임을 확인해 주려고 해요. %2$s 전에 수락하거나 거절해 주세요."),
        VOUCHING_ENDED(
                Weight.ACCOUNT,
                "vouching-ended",
                "The body %1$s no longer confirms that you are its member.",
                "단체 %1$s의 회원 확인이 끝났어요."),
        VOUCHING_ACCEPTED(
                Weight.OWN, "vouching-accepted", "Party %1$s accepted that you vouch for it.", "%1$s에서 회원 확인을 수락했어요."),
        VOUCHING_DECLINED(
                Weight.OWN, "vouching-declined", "Party %1$s declined that you vouch for it.", "%1$s에서 회원 확인을 거절했어요."),
        VOUCHING_LEFT(Weight.OWN, "vouching-left", "Party %1$s ended your vouching for it.", "%1$s에서 회원 확인을 끝냈어요."),
        MANDATE_OFFERED(
                Weight.STRANGER,
                "mandate-offered",
                "Mandate %1$s is offered to you. Accept or decline it.",
                "위임을 제안받았어요(%1$s). 수락하거나 거절해 주세요."),
        MANDATE_ACCEPTED(Weight.OWN, "mandate-accepted", "Mandate %1$s is accepted.", "위임이 수락되었어요(%1$s)."),
        MANDATE_DECLINED(Weight.OWN, "mandate-declined", "Mandate %1$s is declined.", "위임이 거절되었어요(%1$s)."),
        MANDATE_WITHDRAWN(Weight.OWN, "mandate-withdrawn", "Mandate %1$s is withdrawn.", "위임이 철회되었어요(%1$s)."),
        MANDATE_CLAIMED(
                Weight.OWN,
                "mandate-claimed",
                "The member of mandate %1$s has opened an account and claimed it.",
                "위임 %1$s의 회원이 계정을 만들고 위임을 확인했어요."),
        RECOVERY_BEGUN(
                Weight.ACCOUNT,
                "recovery-begun",
                "Somebody requested a new key for your account (%1$s). If it was not you, object before %2$s. After"
                        + " that, your keys stop working.",
                "누군가 이 계정의 새 접속 키를 요청했어요(%1$s). 본인이 요청하지 않았다면 %2$s 전에 이의를 제기해 주세요." + " 그 뒤에는 지금의 접속 키를 쓸 수 없어요."),
        RECOVERED(
                Weight.ACCOUNT,
                "recovered",
                "Recovery %1$s is done: the new key works, and the older keys do not.",
                "복구가 끝났어요(%1$s). 새 접속 키를 쓸 수 있고, 이전 접속 키는 쓸 수 없어요."),
        REJECTED(
                Weight.OWN,
                "rejected",
                "The party that controls your declared works, or a site or prefix above them, rejects what you declared"
                        + " (%1$s). Show evidence of your right before %2$s: prove control, let a body record it, or"
                        + " write to the operator. After that, what you declared there does not count until you do.",
                "내가 등록한 작품이나 그 상위 사이트·번호를 관리하는 쪽에서 내 등록을 받아들이지 않았어요(%1$s)."
                        + " %2$s 전까지 권리를 확인할 수 있는 근거를 보여 주세요. 관리 권한을 확인하거나, 단체에 기록을 요청하거나,"
                        + " 운영자에게 알려 주세요. 그때까지 근거가 없으면 해당 등록은 근거를 보일 때까지 효력이 없어요."),
        DISPUTED(
                Weight.OWN,
                "disputed",
                "Somebody disputes what you declared or proved (%1$s). Answer before %2$s. If you do not, your permissions there end,"
                        + " and so do your reservations if only the other side has evidence.",
                "내가 등록하거나 확인받은 내용에 이의가 제기되었어요(%1$s). %2$s 전까지 답해 주세요. 답하지 않으면 그곳의 이용 허락은 끝나고,"
                        + " 상대방만 권리를 확인할 근거가 있으면 학습 거부도 효력을 잃어요."),
        DISPUTE_CHANGED(
                Weight.OWN,
                "dispute-changed",
                "There is something new in dispute %1$s. The dispute says who can act, and until when.",
                "이의 제기 %1$s에 새 내용이 있어요. 누가 언제까지 답할 수 있는지 해당 이의 제기에서 볼 수 있어요."),
        DISPUTE_DECIDED(
                Weight.OWN,
                "dispute-decided",
                "The operator decided about dispute %1$s. The decision and its reason are with the dispute.",
                "운영자가 이의 제기 %1$s에 대해 결정했어요. 결정과 이유는 해당 이의 제기에서 볼 수 있어요."),
        LICENSE_REQUESTED(
                Weight.STRANGER,
                "license-requested",
                "Somebody asks you for a license of your works (%1$s). Answer before %2$s: accept, propose other terms, or"
                        + " refuse. Without an answer nothing is permitted.",
                "내 작품을 쓰고 싶다는 이용 신청이 왔어요(%1$s). %2$s 전까지 수락하거나, 다른 조건을 제안하거나, 거절해 주세요." + " 답하지 않으면 아무것도 허락되지 않아요."),
        LICENSE_CHANGED(
                Weight.OWN,
                "license-changed",
                "There is something new in license request %1$s. The request says who can act, and until when.",
                "이용 신청 %1$s에 새 내용이 있어요. 누가 언제까지 답할 수 있는지 그 신청에서 볼 수 있어요."),
        LICENSE_REMINDER(
                Weight.OWN,
                "license-reminder",
                "License request %1$s waits for your answer until %2$s. Without an answer it ends, and nothing is permitted.",
                "이용 신청 %1$s이(가) %2$s까지 답을 기다리고 있어요. 답하지 않으면 신청이 끝나고 아무것도 허락되지 않아요."),
        LICENSE_UNANSWERED(
                Weight.OWN,
                "license-unanswered",
                "Nobody answered license request %1$s in time. Nothing is permitted. You can get a signed record of it.",
                "이용 신청 %1$s에 기한 안에 답이 없었어요. 허락된 것은 없어요. 이 사실을 서명한 기록으로 받을 수 있어요."),
        HIDDEN(
                Weight.OWN,
                "hidden",
                "The operator hides %1$s from others. Your declarations stay in force, and you still see everything."
                        + " Write to the operator if this is wrong.",
                "운영자가 %1$s을(를) 다른 사람에게 보이지 않게 했어요. 등록의 효력은 그대로이고 본인에게는 계속 보여요." + " 잘못되었다면 운영자에게 알려 주세요."),
        HIDING_LIFTED(Weight.OWN, "hiding-lifted", "The operator shows %1$s again.", "운영자가 %1$s을(를) 다시 보이게 했어요."),
        RESTRICTED(
                Weight.OWN,
                "restricted",
                "The operator restricted your account (%1$s): you cannot permit anything new, and can declare few works a"
                        + " day. What you declared stays in force. Write to the operator if this is wrong.",
                "운영자가 이 계정을 제한했어요(%1$s). 새로 이용을 허락할 수 없고, 하루에 몇 작품만 등록할 수 있어요."
                        + " 이미 등록한 내용은 그대로예요. 잘못되었다면 운영자에게 알려 주세요."),
        RESTRICTION_LIFTED(
                Weight.OWN,
                "restriction-lifted",
                "The operator lifted the restriction of your account (%1$s).",
                "운영자가 이 계정의 제한을 풀었어요(%1$s)."),
        CONTACT_REFUSED(
                Weight.OWN,
                "contact-refused",
                "The holder of the mailbox that is your contact says that party %1$s is not its own. Your contact is shown"
                        + " as not checked. Change it.",
                "연락처로 적은 메일함의 주인이 %1$s 계정은 본인 것이 아니라고 답했어요. 연락처가 미확인으로 표시되니 다른 연락처로 바꿔 주세요."),
        GRANT_RECEIVED(
                Weight.STRANGER,
                "grant-received",
                "A licensor granted you uses of its works (%1$s). Lookups with your key follow it.",
                "저작물 이용을 허락받았어요(%1$s). 내 접속 키로 조회하면 결과에 반영돼요."),
        GRANT_ENDED(
                Weight.OWN,
                "grant-ended",
                "The licensor revoked the grant %1$s. It ends on %2$s. What you used before stays licensed.",
                "이용 허락 %1$s을(를) 허락한 쪽에서 취소했어요. %2$s에 끝나고, 그 전에 이용한 것은 그대로 인정돼요."),
        REPORT_FILED(
                Weight.OWN,
                "report-filed",
                "The licensee reported what it used under the grant %1$s. The statement shows what is due.",
                "이용 허락 %1$s의 이용 보고가 들어왔어요. 받을 금액은 정산 내역에서 볼 수 있어요."),
        REPORT_DISPUTED(
                Weight.OWN,
                "report-disputed",
                "The other side disputes lines of a usage report of the grant %1$s, or answered your dispute.",
                "상대방이 이용 허락 %1$s의 이용 보고에 이의를 제기했거나, 내 이의에 답했어요."),
        MESSAGE(
                Weight.STRANGER,
                "message",
                "Somebody left a message for you (number %1$s). Read it before %2$s; then it is deleted.",
                "새 메시지가 도착했어요(%1$s번). %2$s에 삭제되니 그 전에 읽어 주세요."),
        SUCCESSOR_NAMED(
                Weight.STRANGER, "successor-named", "Party %1$s names you as its successor.", "%1$s에서 나를 승계인으로 지정했어요."),
        TRANSFERRED(
                Weight.ACCOUNT,
                "transferred",
                "Your account was transferred to your successor %1$s. Its keys work, and yours do not.",
                "이 계정을 승계인 %1$s에게 넘겼어요. 이제 승계인의 접속 키만 쓸 수 있어요."),
        SUCCEEDED(Weight.ACCOUNT, "succeeded", "The account of party %1$s was transferred to you.", "%1$s의 계정을 승계했어요.");

        private final Weight weight;
        private final String wireName;
        private final String english;
        private final String korean;

        Kind(Weight weight, String wireName, String english, String korean) {
            this.weight = weight;
            this.wireName = wireName;
            this.english = english;
            this.korean = korean;
        }

        /** Returns the name in the contract. */
        public String wireName() {
            return wireName;
        }
    }

    /** {@code Notice}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NoticeView(
            long id,
            Instant time,
            String kind,
            String subjectId,
            @Nullable Instant until,
            @Nullable Integer count,
            Text text) {}

    /** {@code NoticePage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NoticePage(
            List<NoticeView> notices, @Nullable Long next) {}

    /** The text of a notice in both languages. */
    public record Text(String en, String ko) {}

    /**
     * Adds a notice to the party's account.
     *
     * @param about the id or the subject that the notice is about
     * @param until the time until which the party can act; null if there is none
     */
    public void add(PartyId party, Instant at, Kind kind, String about, @Nullable Instant until) throws SQLException {
        insert(party, at, kind, about, until, null);
    }

    /**
     * Adds a notice in a transaction of the caller, who deletes the oldest ones after it ({@link #prune(PartyId, Kind)}).
     *
     * @param about the id or the subject that the notice is about
     * @param until the time until which the party can act; null if there is none
     */
    public void add(Connection connection, PartyId party, Instant at, Kind kind, String about, @Nullable Instant until)
            throws SQLException {
        insert(connection, party, at, kind, about, until, null);
    }

    /** Adds a notice that another party caused, and after which nothing has to be done by a certain time. */
    public void addFrom(PartyId source, PartyId party, Instant at, Kind kind, String about) throws SQLException {
        addFrom(source, party, at, kind, about, null);
    }

    /**
     * Adds a notice that another party caused. Notices of the same kind and source are counted in the first one: all of
     * them for successors, and those of a day for the other kinds.
     *
     * @param until the time until which the party can act; null if there is none
     */
    public void addFrom(PartyId source, PartyId party, Instant at, Kind kind, String about, @Nullable Instant until)
            throws SQLException {
        Duration grouped = kind == Kind.SUCCESSOR_NAMED ? FOR_EVER : Duration.ofDays(1);
        if (!isCounted(source, party, at.minus(grouped), kind)) {
            insert(party, at, kind, about, until, source);
        }
    }

    private boolean isCounted(PartyId source, PartyId party, Instant since, Kind kind) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update party_notice set count = count + 1"
                        + " where id = (select max(id) from party_notice where party = ? and kind = ? and source = ?"
                        + " and at > ?)")) {
            update.setObject(1, party.number());
            update.setString(2, kind.wireName);
            update.setObject(3, source.number());
            update.setObject(4, since.atOffset(ZoneOffset.UTC));
            return update.executeUpdate() > 0;
        }
    }

    private void insert(
            PartyId party, Instant at, Kind kind, String about, @Nullable Instant until, @Nullable PartyId source)
            throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, party, at, kind, about, until, source);
            connection.commit();
            // Listeners have locked rows that belong to older notices, so these are deleted in a transaction of their
            // own.
            prune(connection, party, kind);
            connection.commit();
        }
    }

    private void insert(
            Connection connection,
            PartyId party,
            Instant at,
            Kind kind,
            String about,
            @Nullable Instant until,
            @Nullable PartyId source)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into party_notice"
                + " (party, at, kind, about, until, source) values (?, ?, ?, ?, ?, ?) returning id")) {
            insert.setObject(1, party.number());
            insert.setObject(2, at.atOffset(ZoneOffset.UTC));
            insert.setString(3, kind.wireName);
            insert.setString(4, about);
            insert.setObject(5, until == null ? null : until.atOffset(ZoneOffset.UTC));
            insert.setObject(6, source == null ? null : source.number());
            long id;
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                id = row.getLong(1);
            }
            for (NoticeListener listener : listeners) {
                listener.added(connection, party, id, at);
            }
        }
    }

    /** Deletes the oldest notices of the kind, if there are too many. */
    public void prune(PartyId party, Kind kind) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            prune(connection, party, kind);
        }
    }

    /** Deletes the oldest notices of the kind. Notices of one kind never displace those of another. */
    private static void prune(Connection connection, PartyId party, Kind kind) throws SQLException {
        if (kind.weight == Weight.ACCOUNT) {
            return;
        }
        try (PreparedStatement delete =
                connection.prepareStatement("delete from party_notice where party = ? and kind = ?"
                        + " and id <= (select id from party_notice where party = ? and kind = ? order by id desc"
                        + " offset ? limit 1)")) {
            delete.setObject(1, party.number());
            delete.setString(2, kind.wireName);
            delete.setObject(3, party.number());
            delete.setString(4, kind.wireName);
            delete.setInt(5, kind.weight.most);
            delete.executeUpdate();
        }
    }

    /** Returns the names of the kinds of notice about what may cost a party its account. */
    public static List<String> kindsAboutAccounts() {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.weight == Weight.ACCOUNT)
                .map(kind -> kind.wireName)
                .toList();
    }

    /** Returns the names of the kinds of notice about disputes and rejections. Strangers can cause them. */
    public static List<String> kindsAboutDisputes() {
        return Stream.of(Kind.REJECTED, Kind.DISPUTED, Kind.DISPUTE_CHANGED, Kind.DISPUTE_DECIDED)
                .map(kind -> kind.wireName)
                .toList();
    }

    /** Returns 50 notices of the party, newest first: the most important ones, and among equals the newest. */
    public List<NoticeView> of(PartyId party) throws SQLException {
        List<NoticeView> notices = read(party, Long.MAX_VALUE, "id < ? order by " + WEIGHT + ", id desc", SHOWN);
        notices.sort(Comparator.comparingLong(NoticeView::id).reversed());
        return notices;
    }

    /**
     * Returns a page of the party's notices, oldest first.
     *
     * @param after the id of the last notice of the previous page; 0 for the first page
     */
    public NoticePage page(PartyId party, long after, int limit) throws SQLException {
        List<NoticeView> notices = read(party, after, "id > ? order by id", limit + 1);
        boolean more = notices.size() > limit;
        return new NoticePage(
                more ? notices.subList(0, limit) : notices,
                more ? notices.get(limit - 1).id() : null);
    }

    /** Returns the notice of the party with the id; empty if it was deleted. */
    public Optional<NoticeView> find(PartyId party, long id) throws SQLException {
        return read(party, id, "id = ?", 1).stream().findFirst();
    }

    private List<NoticeView> read(PartyId party, long from, String order, int limit) throws SQLException {
        List<NoticeView> notices = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select id, at, kind, about, until, count from party_notice where party = ? and " + KNOWN
                                + order + " limit ?")) {
            select.setObject(1, party.number());
            select.setLong(2, from);
            select.setInt(3, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    notices.add(view(
                            row.getLong(1),
                            SqlColumns.moment(row, 2),
                            row.getString(3),
                            row.getString(4),
                            SqlColumns.momentOrNull(row, 5),
                            row.getInt(6)));
                }
            }
        }
        return notices;
    }

    private static NoticeView view(long id, Instant at, String name, String about, @Nullable Instant until, int count) {
        Kind kind = Arrays.stream(Kind.values())
                .filter(one -> one.wireName.equals(name))
                .findFirst()
                .orElseThrow();
        String day = until == null ? "" : DAY.format(until);
        String english = String.format(kind.english, about, day);
        String korean = String.format(kind.korean, about, day);
        if (count > 1) {
            english += " And " + (count - 1) + " more from the same party.";
            korean += " 같은 곳에서 " + (count - 1) + "건을 더 보냈어요.";
        }
        return new NoticeView(id, at, name, about, until, count > 1 ? count : null, new Text(english, korean));
    }
}
