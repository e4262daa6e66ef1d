"""A crawl in a process of its own: `python -m tests.crawl`, with its settings and start addresses as JSON on stdin.

It writes JSON: the pages that were crawled, the causes of those that were dropped, and the counts of the crawl.
"""

import json
import sys

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse
from scrapy.statscollectors import MemoryStatsCollector

from askfirst.scrapy import AskFirstMiddleware


class Visits(scrapy.Spider):
    """Visits addresses. It follows the links of pages, and asks `again` for what was dropped, as often as that says."""

    name = "visits"

    def __init__(self, start, again, seen):
        super().__init__()
        self.start_urls = start
        self.again = again
        self.seen = seen

    def start_requests(self):
        for url in self.start_urls:
            yield scrapy.Request(url, self.parse, errback=self.failed)

    async def start(self):
        for request in self.start_requests():
            yield request

    def parse(self, response):
        self.seen["pages"].append(response.url)
        for link in response.css("a::attr(href)").getall():
            yield response.follow(link, self.parse, errback=self.failed, dont_filter=True)

    def failed(self, failure):
        request = failure.request
        cause = getattr(failure.value, "cause", failure.type.__name__)
        self.seen["dropped"].append([request.url, cause])
        if self.again.get(request.url, 0) > 0:
            self.again[request.url] -= 1
            yield request.replace(dont_filter=True)


class BrokenCounts(MemoryStatsCollector):
    """Fails when a permission is counted."""

    def inc_value(self, key, *arguments, **more):
        if key == "askfirst/allowed":
            raise RuntimeError("the counter is broken")
        super().inc_value(key, *arguments, **more)


class BrokenMiddleware(AskFirstMiddleware):
    """Crashes when it asks, or learns what is no answer, as the address says."""

    def __init__(self, answers, stats, wait):
        super().__init__(self, stats, wait)

    def ask(self, url):
        if url.endswith("crash"):
            raise RuntimeError("a defect")
        return {"true": True, "nothing": None, "pair": ("allow", True), "text": "allow"}[url.rpartition("/")[2]]


class Elsewhere:
    """A handler of downloads that follows a redirect by itself, as a browser does."""

    lazy = False

    def __init__(self, address):
        self._address = address

    @classmethod
    def from_crawler(cls, crawler):
        return cls(crawler.settings["ELSEWHERE"])

    def download_request(self, request, spider):
        return HtmlResponse(self._address, body=b"<p>text</p>", request=request)


def main():
    asked = json.load(sys.stdin)
    seen = {"pages": [], "dropped": []}
    process = CrawlerProcess(
        {
            "DOWNLOADER_MIDDLEWARES": {"askfirst.scrapy.AskFirstMiddleware": 90},
            "LOG_LEVEL": "INFO",
            "TELNETCONSOLE_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "RETRY_ENABLED": False,
            **asked["settings"],
        }
    )
    crawler = process.create_crawler(Visits)
    faults = []
    process.crawl(crawler, asked["start"], asked.get("again", {}), seen).addErrback(
        lambda failure: faults.append(failure.getErrorMessage())
    )
    process.start()
    counts = {} if crawler.stats is None else crawler.stats.get_stats()
    counts = {name: count for name, count in counts.items() if name.startswith("askfirst/")}
    print(json.dumps({**seen, "counts": counts, "faults": faults}), flush=True)


if __name__ == "__main__":
    main()
