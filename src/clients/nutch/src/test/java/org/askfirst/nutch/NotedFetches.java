package org.askfirst.nutch;

import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.Text;
import org.apache.nutch.crawl.CrawlDatum;
import org.apache.nutch.metadata.Metadata;
import org.apache.nutch.protocol.Content;
import org.apache.nutch.protocol.Protocol;
import org.apache.nutch.protocol.ProtocolOutput;
import org.apache.nutch.protocol.ProtocolStatus;
import org.jspecify.annotations.Nullable;

/** A protocol without a network: it notes each address. Those after {@code ?to=} are redirected there. */
public final class NotedFetches implements Protocol {
    static final Set<String> FETCHED = new ConcurrentSkipListSet<>();

    private static final String TO = "?to=";

    private @Nullable Configuration configuration;

    @Override
    public ProtocolOutput getProtocolOutput(Text url, CrawlDatum datum) {
        String address = url.toString();
        FETCHED.add(address);
        byte[] page = "a page".getBytes(StandardCharsets.UTF_8);
        Content content = new Content(address, address, page, "text/plain", new Metadata(), configuration);
        int to = address.indexOf(TO);
        return to < 0
                ? new ProtocolOutput(content)
                : new ProtocolOutput(
                        content, new ProtocolStatus(ProtocolStatus.MOVED, address.substring(to + TO.length())));
    }

    @Override
    public BaseRobotRules getRobotRules(Text url, CrawlDatum datum, List<Content> robotsTxt) {
        return new SimpleRobotRules(SimpleRobotRules.RobotRulesMode.ALLOW_ALL);
    }

    @Override
    public void setConf(Configuration given) {
        configuration = given;
    }

    @Override
    public @Nullable Configuration getConf() {
        return configuration;
    }
}
