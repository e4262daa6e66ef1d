"""A downloader middleware for Scrapy. It drops every request that the registry does not allow.

    DOWNLOADER_MIDDLEWARES = {"askfirst.scrapy.AskFirstMiddleware": 90}
    ASKFIRST_SNAPSHOT = "https://registry.example/snapshot/"
    ASKFIRST_KEY = "verifier-key.txt"
    ASKFIRST_USES = ["ai-training"]

Only `allow` passes, and no setting changes that. Answers are not kept: each request is asked for, and so is each target
of a redirect. Whatever goes wrong, here or at the registry, drops the request.
"""

import logging
import queue
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.exceptions import IgnoreRequest
from twisted.internet.defer import Deferred, TimeoutError

from . import policy, verdicts
from ._copy import FOLDER
from .online import Online
from .snapshot import Refused, Snapshot

logger = logging.getLogger(__name__)

TIME_OUT = "time-out"
"""The cause of a request that was held too long."""
ERROR = "error"
"""The cause of a request for which this code failed."""
CLOSED = "closed"
"""The cause of a request that was held when the crawl ended."""

_PAUSE = 2
_TOGETHER = 2_000


class NotPermitted(IgnoreRequest):
    """A request was dropped.

    `cause` is the name under which it is counted. `decision` is the answer; ask again later if it is not `is_answer`.
    """

    def __init__(self, url, cause, decision):
        detail = f": {decision.detail}" if decision.detail else ""
        super().__init__(f"no permission for {url}: {cause}{detail}")
        self.cause = cause
        self.decision = decision


class AskFirstMiddleware:
    """Lets a request pass only if `answers` allow it.

    `answers.ask(url)` returns a pair of a cause and a `Decision`, or a `Deferred` of it. All methods are called in the
    thread of the reactor.
    """

    # INVARIANT: nothing here raises NotConfigured. Scrapy would crawl without this middleware.

    def __init__(self, answers, stats, wait):
        self._answers = answers
        self._stats = stats
        self._wait = wait

    @classmethod
    def from_crawler(cls, crawler):
        """Reads the settings. Raises `ValueError` if one is wrong; then the crawl does not start."""
        settings = crawler.settings
        uses = tuple(settings.getlist("ASKFIRST_USES")) or policy.DEFAULT_USES
        unknown = [use for use in uses if use not in verdicts.USES]
        if unknown:
            raise ValueError(f"ASKFIRST_USES has {', '.join(unknown)}; the uses are {', '.join(verdicts.USES)}")
        wait = _seconds(settings, "ASKFIRST_WAIT", 60)
        online = settings.get("ASKFIRST_ONLINE")
        if online:
            if settings.get("ASKFIRST_SNAPSHOT"):
                raise ValueError("give ASKFIRST_SNAPSHOT or ASKFIRST_ONLINE, not both")
            registry = Online(online, settings.get("ASKFIRST_API_KEY"), together=_TOGETHER, timeout=min(wait, 60))
            answers = _Registry(registry, uses)
        else:
            copy = Path(settings.get("ASKFIRST_COPY") or FOLDER)
            key = _key(copy, settings.get("ASKFIRST_KEY"))
            refresh = _seconds(settings, "ASKFIRST_REFRESH", 60)
            source = settings.get("ASKFIRST_SNAPSHOT") or None
            answers = _Copy(copy, key, source, uses, wait, refresh, crawler.stats)
        middleware = cls(answers, crawler.stats, wait)
        crawler.signals.connect(answers.open, signals.spider_opened)
        crawler.signals.connect(answers.close, signals.spider_closed)
        return middleware

    def process_request(self, request, spider=None):
        """Raises `NotPermitted`, returns None, or returns a `Deferred` that ends so."""
        if _is_robots(request):
            # Scrapy takes a host whose robots.txt was not fetched for one that forbids nothing.
            self._stats.inc_value("askfirst/robots")
            return None
        return self._require(request.url, None)

    def process_response(self, request, response, spider=None):
        """Drops a response from another address than the asked one: a download handler followed a redirect itself."""
        if response.url == request.url or (_is_robots(request) and _is_robots(request, response.url)):
            return response
        return self._require(response.url, response)

    def _require(self, url, result):
        try:
            answer = self._answers.ask(url)
        except Exception as fault:
            self._refuse(url, *_failed(url, fault))
        if not isinstance(answer, Deferred):
            self._judge(answer, url)
            return result
        from twisted.internet import reactor

        # A late answer is thrown away.
        answer.addTimeout(self._wait, reactor)
        answer.addErrback(lambda failure: _failed(url, failure.value))
        answer.addCallback(self._judge, url)
        answer.addCallback(lambda _: result)
        return answer

    def _judge(self, answer, url):
        """Returns if the answer is permission, and raises `NotPermitted` in every other case."""
        try:
            cause, decision = answer
            if isinstance(decision, policy.Decision) and decision.allowed is True:
                self._stats.inc_value("askfirst/allowed")
                return
            cause, decision = str(cause), _require_decision(decision)
        except Exception as fault:
            cause, decision = _failed(url, fault)
        self._refuse(url, cause, decision)

    def _refuse(self, url, cause, decision):
        refused = NotPermitted(url, cause, decision)
        try:
            self._stats.inc_value("askfirst/refused")
            self._stats.inc_value("askfirst/refused/" + cause)
            logger.info("Dropped: %s", refused)
        except Exception:
            logger.exception("A dropped request was not counted")
        raise refused


def _require_decision(decision):
    if not isinstance(decision, policy.Decision):
        raise TypeError("the answer is no decision")
    return decision


def _failed(url, fault):
    """Returns the answer of code that failed."""
    if isinstance(fault, TimeoutError):
        return TIME_OUT, policy.nothing(policy.UNREACHABLE, url, "no answer came in time")
    logger.error("The check of %s failed", url, exc_info=fault)
    return ERROR, policy.nothing(policy.UNREACHABLE, url, f"the check failed: {fault!r}")


def _cause(decision):
    return decision.verdict if decision.is_answer else decision.reason


def _is_robots(request, url=None):
    """Returns true for the requests of Scrapy's own middleware for robots.txt."""
    parts = urlsplit(request.url if url is None else url)
    return (
        request.meta.get("dont_obey_robotstxt") is True
        and request.method == "GET"
        and parts.scheme in ("http", "https")
        and parts.path == "/robots.txt"
        and not parts.query
    )


def _seconds(settings, name, default):
    seconds = settings.getfloat(name, default)
    if not 0 < seconds < float("inf"):
        raise ValueError(f"{name} is a number of seconds")
    return seconds


def _key(copy, given):
    if not given:
        kept = copy / "log.key"
        if not kept.exists():
            raise ValueError("ASKFIRST_KEY is the log's key, or a file with it; get it from somebody you trust")
        return kept.read_text("utf-8").strip()
    return (given if "+" in given else Path(given).read_text("utf-8")).strip()


class _Copy:
    """Answers from a copy of the snapshot, which a thread keeps current.

    Requests are held until the copy was loaded and brought up to date. If that fails, it is tried again, and after
    `wait` seconds an older copy answers, if it has not expired. Without `source`, another program updates the copy.
    """

    def __init__(self, copy, key, source, uses, wait, refresh, stats):
        self._place = (copy, key, source)
        self._uses = uses
        self._wait = wait
        self._refresh = refresh
        self._stats = stats
        self._snapshot = None
        # Only the thread uses it. It is given to the reactor after each attempt.
        self._newest = None
        self._is_waiting = True
        self._held = []
        self._fault = ("unreachable", "there is no copy yet")
        self._ended = threading.Event()
        self._timer = None

    def open(self):
        from twisted.internet import reactor

        self._timer = reactor.callLater(self._wait, self._release)
        threading.Thread(target=self._keep_current, args=(reactor,), name="askfirst", daemon=True).start()

    def close(self):
        self._ended.set()
        self._fault = (CLOSED, "the crawl has ended")
        self._snapshot = None
        self._release()

    def ask(self, url):
        if not self._is_waiting:
            return self._answer(url)
        held = Deferred()
        self._held.append((url, held))
        return held

    def _answer(self, url):
        snapshot = self._snapshot
        if snapshot is None or snapshot.catalog is None:
            name, detail = self._fault
            return name, policy.nothing(policy.UNREACHABLE, url, f"{name}: {detail}")
        decision = snapshot.check("url:" + url, self._uses)
        return _cause(decision), decision

    def _release(self):
        """Answers the held requests, with whatever copy there is."""
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._is_waiting = False
        held, self._held = self._held, []
        for url, deferred in held:
            try:
                deferred.callback(self._answer(url))
            except Exception:
                deferred.errback()

    def _learned(self, snapshot, fault):
        """Uses the copy after an attempt to update it. `fault` is the reason why that failed, or None."""
        if self._ended.is_set():
            return
        self._snapshot = snapshot
        if fault is None:
            self._stats.inc_value("askfirst/updates")
            self._release()
        else:
            self._fault = fault
            self._stats.inc_value("askfirst/updates/refused/" + fault[0])
            logger.warning("The snapshot was not updated: %s: %s", *fault)

    # ---- In the thread

    def _keep_current(self, reactor):
        while not self._ended.is_set():
            fault = None
            try:
                self._update()
            except Refused as refused:
                fault = (refused.name, refused.detail)
            except Exception as error:
                fault = (ERROR, repr(error))
            if self._ended.is_set():
                break
            reactor.callFromThread(self._learned, self._newest, fault)
            self._ended.wait(self._refresh if fault is None else min(_PAUSE, self._refresh))
        if self._newest is not None:
            self._newest.close()

    def _update(self):
        copy, key, source = self._place
        if source is not None:
            if self._newest is None:
                self._newest = Snapshot(copy, key, source)
            self._newest.update()
            return
        fresh = Snapshot(copy, key)
        if fresh.catalog is None:
            raise fresh.damage or Refused("unreachable", "there is no copy yet")
        expiry = fresh.catalog.expiry(time.time() * 1_000_000)
        if expiry is not None:
            raise Refused("expired", expiry)
        if self._newest is not None:
            fresh.require_successor_of(self._newest)
        # The reactor may still ask the copy before it, so that one is not closed here.
        self._newest = fresh


class _Registry:
    """Answers of a registry online. A thread asks in bulk: while a call lasts, the next requests are collected."""

    def __init__(self, registry, uses):
        self._registry = registry
        self._uses = uses
        self._asked = queue.SimpleQueue()
        self._has_ended = False

    def open(self):
        from twisted.internet import reactor

        threading.Thread(target=self._ask_each, args=(reactor,), name="askfirst", daemon=True).start()

    def close(self):
        self._has_ended = True
        self._asked.put(None)

    def ask(self, url):
        if self._has_ended:
            return CLOSED, policy.nothing(policy.UNREACHABLE, url, "the crawl has ended")
        held = Deferred()
        self._asked.put((url, held))
        return held

    @staticmethod
    def _learned(batch, answers):
        for (_, held), answer in zip(batch, answers, strict=True):
            held.callback(answer)

    # ---- In the thread

    def _ask_each(self, reactor):
        while not self._has_ended:
            batch = self._batch()
            try:
                decisions = self._registry.check_all(["url:" + url for url, _ in batch], self._uses)
                if len(decisions) != len(batch):
                    raise ValueError("the answers are incomplete")
                answers = [(_cause(decision), decision) for decision in decisions]
            except Exception as fault:
                answers = [_failed(url, fault) for url, _ in batch]
            if not self._has_ended:
                reactor.callFromThread(self._learned, batch, answers)

    def _batch(self):
        """Waits for a request, and returns it with those that wait already."""
        batch = []
        try:
            while len(batch) < _TOGETHER:
                one = self._asked.get(block=not batch)
                if one is None:
                    break
                batch.append(one)
        except queue.Empty:
            pass
        return batch
