package org.askfirst.registry.offer;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;

/** Lists the templates of offers. */
@Path("/v1/offer-templates")
@Produces(APPLICATION_JSON)
public class OfferTemplateResource {
    /** {@code OfferTemplateList}. */
    record TemplateList(List<OfferTemplates.TemplateView> templates) {}

    /** {@code listOfferTemplates}. */
    @GET
    public TemplateList list() {
        return new TemplateList(
                OfferTemplates.ALL.stream().map(OfferTemplates.Template::view).toList());
    }
}
