package org.askfirst.registry.offer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.http.Json;

/**
 * Templates with which a licensor publishes an offer in one call. A template has everything except what only the licensor
 * can decide, such as its share of revenue.
 */
final class OfferTemplates {
    /**
     * Terms of creators' bodies in Korea: a share of revenue with a floor and weights, for one version of a model, that
     * follow a transferred model.
     */
    private static final Template COUNCIL = new Template(
            "revenue-share",
            "Share of revenue for one version of a model",
            "모델 한 버전에 대한 매출 비율",
            "The licensee pays a share of its revenue, and at least an amount if you give one. Kinds of work can have"
                    + " weights. The terms follow a model that is transferred. The licensee reports each quarter.",
            "이용자가 매출의 일정 비율을 내고, 최저 금액을 정하면 그 이상을 내요. 작품 종류마다 가중치를 둘 수 있어요. 모델이 다른 곳에"
                    + " 넘어가도 같은 조건이 따라가고, 이용자는 분기마다 이용 내역을 알려야 해요.",
            List.of("price.percent"),
            "licensor",
            "{\"uses\":[\"generative-ai-training\"],\"model\":{\"scope\":\"model-version\"},\"transfer\":\"same-terms\","
                    + "\"price\":{\"basis\":\"revenue-share\"},\"reporting\":\"quarter\"}");

    private static final Template POOL = new Template(
            "training-pool",
            "Share in a pool for training",
            "학습 대가를 나누는 공동 재원",
            "The licensee pays into a pool, which all licensed works divide by their weights. A license is for one version"
                    + " of a model. The licensee reports each month.",
            "이용자가 공동 재원에 돈을 내고, 이용을 허락한 작품들이 가중치에 따라 나눠요. 모델 한 버전에만 적용되고, 이용자는 달마다" + " 이용 내역을 알려야 해요.",
            List.of(),
            "licensor",
            "{\"uses\":[\"generative-ai-training\"],\"model\":{\"scope\":\"model-version\"},\"transfer\":\"none\","
                    + "\"price\":{\"basis\":\"pool\"},\"reporting\":\"month\"}");

    private static final Template PER_WORK = new Template(
            "per-work",
            "An amount for each work",
            "작품마다 정한 금액",
            "The licensee pays an amount for each work that it uses. A request within the terms is accepted at once.",
            "이용자가 작품 하나마다 정한 금액을 내요. 조건에 맞는 신청은 바로 수락돼요.",
            List.of("price.amount", "price.currency"),
            "automatic",
            "{\"uses\":[\"ai-training\"],\"model\":{\"scope\":\"model-version\"},\"transfer\":\"none\","
                    + "\"price\":{\"basis\":\"per-work\"},\"reporting\":\"quarter\"}");

    private static final Template ANSWERS = new Template(
            "answers-per-unit",
            "An amount for each use in an answer",
            "답변에 쓸 때마다 정한 금액",
            "The licensee may use the works when it answers questions, and pays for each unit, such as each answer. It"
                    + " reports each month.",
            "이용자가 질문에 답할 때 작품을 쓸 수 있고, 답변처럼 정한 단위마다 금액을 내요. 이용자는 달마다 이용 내역을 알려야 해요.",
            List.of("price.amount", "price.currency", "price.unit"),
            "licensor",
            "{\"uses\":[\"ai-input\",\"ai-index\"],\"model\":{\"scope\":\"any\"},\"transfer\":\"none\","
                    + "\"price\":{\"basis\":\"per-unit\"},\"reporting\":\"month\"}");

    private static final Template RESEARCH = new Template(
            "free-research",
            "Free for data analysis",
            "데이터 분석은 무료",
            "Anyone who asks may analyse the works, free of charge. Models that generate new works are not included.",
            "신청하면 누구나 작품을 무료로 분석할 수 있어요. 새 작품을 만들어 내는 모델의 학습은 포함되지 않아요.",
            List.of(),
            "automatic",
            "{\"uses\":[\"data-analysis\",\"non-generative-ai-training\"],\"model\":{\"scope\":\"any\"},"
                    + "\"transfer\":\"none\",\"price\":{\"basis\":\"free\"},\"reporting\":\"none\"}");

    private static final Template NEGOTIATED = new Template(
            "negotiated",
            "By agreement",
            "협의해서 정하기",
            "You name no price. Whoever asks negotiates with you, and nothing is accepted without you.",
            "금액을 미리 정하지 않아요. 신청한 쪽과 협의하고, 직접 수락하기 전에는 아무것도 허락되지 않아요.",
            List.of(),
            "licensor",
            "{\"uses\":[\"ai-training\",\"ai-input\",\"ai-index\"],\"model\":{\"scope\":\"model-version\"},"
                    + "\"transfer\":\"none\",\"price\":{\"basis\":\"negotiated\"},\"reporting\":\"quarter\"}");

    /** All templates, in the order in which they are shown. */
    static final List<Template> ALL = List.of(COUNCIL, POOL, PER_WORK, ANSWERS, RESEARCH, NEGOTIATED);

    private OfferTemplates() {}

    /**
     * A template.
     *
     * @param toFill the members of the terms that the licensor must give, such as {@code price.percent}
     * @param terms the terms as JSON, without these members
     */
    record Template(
            String id,
            String titleEn,
            String titleKo,
            String textEn,
            String textKo,
            List<String> toFill,
            String acceptance,
            String terms) {
        /** Returns the terms in a new tree. */
        ObjectNode termsNode() {
            return Json.parse(terms) instanceof ObjectNode node ? node : JsonNodeFactory.instance.objectNode();
        }

        TemplateView view() {
            return new TemplateView(
                    id,
                    Map.of("en", titleEn, "ko", titleKo),
                    Map.of("en", textEn, "ko", textKo),
                    toFill,
                    acceptance,
                    termsNode());
        }
    }

    /** {@code OfferTemplate}. */
    record TemplateView(
            String id,
            Map<String, String> title,
            Map<String, String> text,
            List<String> toFill,
            String acceptance,
            ObjectNode terms) {}
}
