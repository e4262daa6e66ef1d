package org.askfirst.registry.party;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.postgres.SqlColumns;
import org.jspecify.annotations.Nullable;

/** The notices of a party: messages that its account shows, in Korean and English. */
@ApplicationScoped
public class Notices {
    private static final int SHOWN = 50;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneId.of("Asia/Seoul"));

    private final DataSource dataSource;

    Notices(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The kinds of notice. In a text, {@code %1$s} is the subject or id, and {@code %2$s} is the last day. */
    public enum Kind {
        CONTROL_PROVED(
                "control-proved",
                "Control of %1$s is proved. Your declarations on it apply.",
                "%1$s의 관리 권한을 확인했어요. 이곳에 대한 등록은 효력이 있어요."),
        CONTROL_GONE(
                "control-gone",
                "The token for %1$s is no longer there. If you do not put it back before %2$s, the proof of control is"
                        + " revoked, and the declarations that depend on it stop applying.",
                "%1$s에서 확인 문구가 더 이상 보이지 않아요. %2$s 전까지 다시 넣지 않으면 관리 권한 확인이 끝나고," + " 이에 따른 등록도 효력을 잃어요."),
        CONTROL_REVOKED(
                "control-revoked",
                "The proof of control of %1$s is revoked. Put the token back and check again.",
                "%1$s의 관리 권한 확인이 끝났어요. 확인 문구를 다시 넣은 뒤 확인해 주세요."),
        VOUCHED("vouched", "The body %1$s vouches for you.", "단체 %1$s에서 회원님을 확인했어요."),
        MANDATE_OFFERED(
                "mandate-offered",
                "Mandate %1$s is offered to you. Accept or decline it.",
                "위임을 제안받았어요(%1$s). 수락하거나 거절해 주세요."),
        MANDATE_ACCEPTED("mandate-accepted", "Mandate %1$s is accepted.", "위임이 수락되었어요(%1$s)."),
        MANDATE_DECLINED("mandate-declined", "Mandate %1$s is declined.", "위임이 거절되었어요(%1$s)."),
        MANDATE_WITHDRAWN("mandate-withdrawn", "Mandate %1$s is withdrawn.", "위임이 철회되었어요(%1$s)."),
        MANDATE_CLAIMED(
                "mandate-claimed",
                "The member of mandate %1$s has opened an account and claimed it.",
                "위임 %1$s의 회원이 계정을 만들고 위임을 확인했어요."),
        RECOVERY_BEGUN(
                "recovery-begun",
                "Somebody requested a new key for your account (%1$s). If it was not you, object before %2$s. After"
                        + " that, your keys stop working.",
                "누군가 이 계정의 새 접속 키를 요청했어요(%1$s). 본인이 요청하지 않았다면 %2$s 전에 이의를 제기해 주세요." + " 그 뒤에는 지금의 접속 키를 쓸 수 없어요."),
        RECOVERED(
                "recovered",
                "Recovery %1$s is done: the new key works, and the older keys do not.",
                "복구가 끝났어요(%1$s). 새 접속 키를 쓸 수 있고, 이전 접속 키는 쓸 수 없어요."),
        SUCCESSOR_NAMED("successor-named", "Party %1$s names you as its successor.", "%1$s에서 나를 승계인으로 지정했어요."),
        SUCCEEDED("succeeded", "The account of party %1$s was transferred to you.", "%1$s의 계정을 승계했어요.");

        private final String wireName;
        private final String english;
        private final String korean;

        Kind(String wireName, String english, String korean) {
            this.wireName = wireName;
            this.english = english;
            this.korean = korean;
        }

        String wireName() {
            return wireName;
        }
    }

    /** {@code Notice}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NoticeView(
            Instant time,
            String kind,
            String subjectId,
            @Nullable Instant until,
            Text text) {}

    /** The text of a notice in both languages. */
    record Text(String en, String ko) {}

    /**
     * Adds a notice to the party's account.
     *
     * @param about the id or the subject that the notice is about
     * @param until the time until which the party can act; null if there is none
     */
    public void add(PartyId party, Instant at, Kind kind, String about, @Nullable Instant until) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into party_notice (party, at, kind, about, until) values (?, ?, ?, ?, ?)")) {
            insert.setObject(1, party.number());
            insert.setObject(2, at.atOffset(ZoneOffset.UTC));
            insert.setString(3, kind.wireName);
            insert.setString(4, about);
            insert.setObject(5, until == null ? null : until.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /** Returns the last 50 notices of the party, newest first. */
    public List<NoticeView> of(PartyId party) throws SQLException {
        List<NoticeView> notices = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select at, kind, about, until from party_notice where party = ? order by id desc limit "
                                + SHOWN)) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    notices.add(view(
                            SqlColumns.moment(row, 1),
                            row.getString(2),
                            row.getString(3),
                            SqlColumns.momentOrNull(row, 4)));
                }
            }
        }
        return notices;
    }

    private static NoticeView view(Instant at, String name, String about, @Nullable Instant until) {
        Kind kind = Arrays.stream(Kind.values())
                .filter(one -> one.wireName.equals(name))
                .findFirst()
                .orElseThrow();
        String day = until == null ? "" : DAY.format(until);
        return new NoticeView(
                at,
                name,
                about,
                until,
                new Text(String.format(kind.english, about, day), String.format(kind.korean, about, day)));
    }
}
