"""The middleware in real crawls: Scrapy in a process of its own, a site and a registry on this machine."""

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from askfirst import Snapshot
from askfirst.segment import Index
from tests.support import Content, Registry, Signer, posting, proof, written
from tests.test_online import Registry as Online
from tests.test_segment import WithFiles

HERE = Path(__file__).resolve().parent.parent
AUTHOR = 7
SITE = "https://127.0.0.1"  # Ports are no part of a subject.


def _has_scrapy(python):
    try:
        found = subprocess.run([python, "-c", "import scrapy; print(scrapy.__version__)"], capture_output=True, text=True)
    except OSError:
        return False
    return found.returncode == 0


PYTHON = next(filter(_has_scrapy, [os.environ.get("ASKFIRST_SCRAPY", sys.executable), "/usr/bin/python3"]), None)
if PYTHON is None:
    print(
        "SKIPPED: the tests of askfirst.scrapy. Neither this Python nor /usr/bin/python3 has Scrapy. Install Debian's"
        " python3-scrapy, or name a Python that has it in ASKFIRST_SCRAPY.",
        file=sys.stderr,
    )


class Server:
    """Serves on a free port of this machine until `close`."""

    def __init__(self, handler):
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()


class Site(Server):
    """Pages. `fetched` has what was fetched, with the time. `before` has what is done before a page is answered."""

    def __init__(self):
        self.fetched = []
        self.before = {}
        self.links = {}
        self.redirects = {
            "/moved": "/denied?moved", "/renamed": "/allowed/renamed", "/both": "/moved?both", "/moved?both": "/denied?both"
        }  # fmt: skip
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.fetched.append((self.path, time.time()))
                outer.before.get(self.path, lambda: None)()
                target = outer.redirects.get(self.path)
                self.send_response(302 if target else 200)
                if target:
                    self.send_header("Location", target)
                is_robots = self.path == "/robots.txt"
                links = "".join(f'<a href="{link}">page</a>' for link in outer.links.get(self.path, ()))
                data = b"User-agent: *\nDisallow: /allowed/secret\n" if is_robots else f"<p>{links}</p>".encode()
                self.send_header("Content-Type", "text/plain" if is_robots else "text/html")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        super().__init__(Handler)

    @property
    def paths(self):
        return sorted(path for path, _ in self.fetched)


class Files(Server):
    """The folder of a snapshot. `answer` replaces the answer to a request for the catalogue: a status, or None."""

    def __init__(self, folder):
        self.catalogs = 0
        self.answer = lambda: 200
        outer = self

        class Handler(SimpleHTTPRequestHandler):
            def __init__(self, *arguments):
                super().__init__(*arguments, directory=str(folder))

            def do_GET(self):
                if self.path == "/catalog.json":
                    outer.catalogs += 1
                    status = outer.answer()
                    if status is None:
                        self.connection.close()
                        return
                    if status != 200:
                        self.send_response(status)
                        self.send_header("Content-Length", "0")
                        self.end_headers()
                        return
                super().do_GET()

            def log_message(self, *_):
                pass

        super().__init__(Handler)


def content(**stances):
    """Returns a registry's content: /allowed/, /moved, /renamed and /both are permitted, and what is given."""
    found = Content()
    found.prove("under:https://127.0.0.1/", proof(AUTHOR, 1))
    for place, path in enumerate(("under:/allowed/", "url:/moved", "url:/renamed", "url:/both")):
        scheme, _, path = path.partition(":")
        found.state_about(f"{scheme}:{SITE}{path}", posting(AUTHOR, 2 + place, {"text-and-data-mining": "permitted"}))
    for place, (path, stance) in enumerate({"denied": "reserved", "terms": "permitted-with-terms", **stances}.items()):
        contact = "party" if path == "terms" else "none"
        found.state_about(
            f"url:{SITE}/{path}", posting(AUTHOR, 10 + place, {"text-and-data-mining": stance}, contact=contact)
        )
    return found


@unittest.skipIf(PYTHON is None, "no Python with Scrapy")
class WithCrawls(WithFiles):
    def setUp(self):
        super().setUp()
        self.site = Site()
        self.addCleanup(self.site.close)
        self.copy = self.folder / "copy"

    def crawl(self, paths, settings, again=None):
        asked = {
            "start": [path if ":" in path else self.site.address + path for path in paths],
            "again": {self.site.address + path: times for path, times in (again or {}).items()},
            "settings": {"ASKFIRST_COPY": str(self.copy), **settings},
        }
        run = subprocess.run(
            [PYTHON, "-m", "tests.crawl"], input=json.dumps(asked), capture_output=True, text=True, timeout=120, cwd=HERE
        )
        self.log = run.stderr
        self.assertEqual(0, run.returncode, run.stderr)
        found = json.loads(run.stdout)
        short = len(self.site.address)
        found["pages"] = sorted(page[short:] for page in found["pages"])
        found["dropped"] = sorted(
            (url[short:] if url.startswith(self.site.address) else url, cause) for url, cause in found["dropped"]
        )
        return found


class WithSnapshots(WithCrawls):
    def setUp(self):
        super().setUp()
        self.registry = Registry(self.folder / "snapshot", int(time.time())).release(content(), 20).publish()
        self.files = Files(self.registry.folder)
        self.addCleanup(self.files.close)

    def settings(self, **changed):
        return {
            "ASKFIRST_SNAPSHOT": self.files.address, "ASKFIRST_KEY": self.registry.key, "ASKFIRST_WAIT": 20, **changed,
        }  # fmt: skip

    def require_nothing_crawled(self, cause, **settings):
        found = self.crawl(["/allowed/1"], self.settings(ASKFIRST_WAIT=1, **settings))
        self.assertEqual([], self.site.fetched)
        self.assertEqual([("/allowed/1", cause)], found["dropped"], self.log)
        self.assertEqual(1, found["counts"]["askfirst/refused/" + cause])
        self.assertNotIn("askfirst/allowed", found["counts"])


class Permission(WithSnapshots):
    def test_only_permission_passes_and_each_redirect_is_asked(self):
        found = self.crawl(
            [
                "/allowed/1?a=b", "/denied", "/terms", "/silent", "/moved", "/renamed", "/both", "data:,text",
                "file:///etc/hostname", "http://unavailable.askfirst.example/", "/robots.txt",
            ],
            self.settings(),
        )  # fmt: skip
        self.assertEqual(["/allowed/1?a=b", "/allowed/renamed"], found["pages"], self.log)
        self.assertEqual(
            [
                ("/denied", "deny"), ("/denied?both", "deny"), ("/denied?moved", "deny"), ("/robots.txt", "unknown"),
                ("/silent", "unknown"), ("/terms", "ask"), ("data:,text", "unreadable"),
                ("file:///etc/hostname", "unreadable"), ("http://unavailable.askfirst.example/", "unreachable"),
            ],
            found["dropped"],
        )  # fmt: skip
        self.assertEqual(
            ["/allowed/1?a=b", "/allowed/renamed", "/both", "/moved", "/moved?both", "/renamed"], self.site.paths
        )
        self.assertEqual(
            {
                "askfirst/allowed": 6, "askfirst/refused": 9, "askfirst/refused/deny": 3, "askfirst/refused/unknown": 2,
                "askfirst/refused/ask": 1, "askfirst/refused/unreadable": 2, "askfirst/refused/unreachable": 1,
                "askfirst/updates": 1,
            },
            found["counts"],
        )  # fmt: skip

    def test_the_asked_uses_decide(self):
        found = self.crawl(["/allowed/1"], self.settings(ASKFIRST_USES="search-indexing"))
        self.assertEqual(([], [("/allowed/1", "unknown")]), (found["pages"], found["dropped"]))
        found = self.crawl(["/allowed/1"], self.settings(ASKFIRST_USES="ai-training,ai-input"))
        self.assertEqual(["/allowed/1"], found["pages"])

    def test_robots_txt_is_fetched_and_obeyed(self):
        found = self.crawl(["/allowed/1", "/allowed/secret", "/denied"], self.settings(ROBOTSTXT_OBEY=True))
        self.assertEqual(["/allowed/1"], found["pages"])
        self.assertEqual([("/allowed/secret", "IgnoreRequest"), ("/denied", "deny")], found["dropped"])
        self.assertEqual(["/allowed/1", "/robots.txt"], self.site.paths)
        self.assertEqual(1, found["counts"]["askfirst/robots"])

    def test_a_redirect_of_robots_txt_is_asked(self):
        self.site.redirects["/robots.txt"] = "/silent"
        found = self.crawl(["/allowed/1"], self.settings(ROBOTSTXT_OBEY=True))
        self.assertEqual(["/allowed/1", "/robots.txt"], self.site.paths)
        self.assertEqual(1, found["counts"]["askfirst/refused/unknown"])

    def test_requests_are_held_until_the_snapshot_is_loaded(self):
        sent = []

        def late():
            time.sleep(1.5)
            self.assertEqual([], self.site.fetched)
            sent.append(time.time())
            return 200

        self.files.answer = late
        for reactor in ("asyncioreactor.AsyncioSelectorReactor", "epollreactor.EPollReactor"):
            with self.subTest(reactor):
                settings = self.settings(TWISTED_REACTOR="twisted.internet." + reactor)
                found = self.crawl(["/allowed/1", "/denied"], settings)
                self.assertEqual((["/allowed/1"], [("/denied", "deny")]), (found["pages"], found["dropped"]))
                self.assertGreater(self.site.fetched[0][1], sent[-1])
                self.site.fetched.clear()

    def test_a_snapshot_that_is_late_is_tried_again_while_requests_are_held(self):
        answers = [503, None]
        self.files.answer = lambda: answers.pop(0) if answers else 200
        found = self.crawl(["/allowed/1"], self.settings(ASKFIRST_REFRESH=0.2))
        self.assertEqual((["/allowed/1"], []), (found["pages"], found["dropped"]))
        self.assertEqual(2, found["counts"]["askfirst/updates/refused/unreachable"])

    def test_a_page_in_the_cache_of_scrapy_needs_permission_too(self):
        cache = {"HTTPCACHE_ENABLED": True, "HTTPCACHE_DIR": str(self.folder / "cache")}
        self.assertEqual(["/allowed/1"], self.crawl(["/allowed/1"], self.settings(**cache))["pages"])
        change = content(**{"allowed/1": "reserved"})
        self.registry.release(change, 30).publish()
        found = self.crawl(["/allowed/1"], self.settings(**cache))
        self.assertEqual(([], [("/allowed/1", "deny")]), (found["pages"], found["dropped"]))

    def test_a_page_to_which_a_handler_was_redirected_needs_permission_too(self):
        for path, pages in (("/denied", []), ("/allowed/2", ["/allowed/2"])):
            found = self.crawl(
                ["/allowed/1"],
                self.settings(
                    ELSEWHERE=self.site.address + path, DOWNLOAD_HANDLERS={"http": "tests.crawl.Elsewhere"}
                ),
            )
            self.assertEqual(pages, found["pages"], self.log)
            self.assertEqual([] if pages else [("/allowed/1", "deny")], found["dropped"])


class Changes(WithSnapshots):
    def test_declarations_during_the_crawl_count_and_no_refusal_is_kept(self):
        def declared():
            self.registry.release(content(silent="permitted", **{"allowed/2": "reserved"}), 30).publish()
            # The second request for the catalogue comes after the first update has ended.
            enough = self.files.catalogs + 2
            while self.files.catalogs < enough:
                time.sleep(0.05)

        self.site.before["/allowed/slow"] = declared
        self.site.links["/allowed/slow"] = ["/allowed/2", "/allowed/3", "/silent"]
        # The drop of the first request for /silent is no answer to the later one.
        found = self.crawl(["/silent", "/allowed/slow"], self.settings(ASKFIRST_REFRESH=0.2))
        self.assertEqual(["/allowed/3", "/allowed/slow", "/silent"], found["pages"], self.log)
        self.assertEqual([("/allowed/2", "deny"), ("/silent", "unknown")], found["dropped"])

    def test_a_copy_that_expires_during_the_crawl(self):
        ends = time.time() + 8
        self.registry.publish(expiresAt=written(ends))

        def outlive():
            self.files.answer = lambda: 503
            time.sleep(max(0, ends - time.time()) + 0.2)

        self.site.before["/allowed/slow"] = outlive
        self.site.links["/allowed/slow"] = ["/allowed/2"]
        found = self.crawl(["/allowed/1", "/allowed/slow"], self.settings(ASKFIRST_REFRESH=0.5))
        self.assertEqual(["/allowed/1", "/allowed/slow"], found["pages"], self.log)
        self.assertEqual([("/allowed/2", "expired")], found["dropped"])
        self.assertGreater(found["counts"]["askfirst/updates/refused/unreachable"], 0)

    def test_an_older_copy_answers_if_it_cannot_be_updated(self):
        self.crawl(["/allowed/1"], self.settings())
        self.files.answer = lambda: 503
        found = self.crawl(["/allowed/1", "/denied"], self.settings(ASKFIRST_WAIT=1))
        self.assertEqual((["/allowed/1"], [("/denied", "deny")]), (found["pages"], found["dropped"]))

    def test_one_crawl_at_a_time_updates_a_copy(self):
        self.copy.mkdir()
        with open(self.copy / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            released = []
            seen = []

            def release():
                released.append(True)
                fcntl.flock(lock, fcntl.LOCK_UN)

            def asked():
                seen.append(bool(released))
                return 200

            self.files.answer = asked
            timer = threading.Timer(3, release)
            timer.start()
            self.addCleanup(timer.cancel)
            found = self.crawl(["/allowed/1"], self.settings())
        self.assertEqual((["/allowed/1"], [True]), (found["pages"], seen), self.log)

    def test_a_copy_that_another_program_updates(self):
        settings = self.settings(ASKFIRST_SNAPSHOT="", ASKFIRST_REFRESH=0.2, ASKFIRST_WAIT=1)
        found = self.crawl(["/allowed/1"], settings)
        self.assertEqual(([], [("/allowed/1", "unreachable")]), (found["pages"], found["dropped"]))
        with Snapshot(self.copy, self.registry.key, self.registry.folder) as snapshot:
            snapshot.update()

            def declared():
                self.registry.release(content(**{"allowed/2": "reserved"}), 30).publish()
                snapshot.update()
                time.sleep(1)

            self.site.before["/allowed/slow"] = declared
            self.site.links["/allowed/slow"] = ["/allowed/2"]
            found = self.crawl(["/allowed/slow"], settings)
        self.assertEqual((["/allowed/slow"], [("/allowed/2", "deny")]), (found["pages"], found["dropped"]))


class NoSnapshot(WithSnapshots):
    def test_bad_signature(self):
        self.registry.publish(signer=Signer(seed=b"\2" * 32))
        self.require_nothing_crawled("bad-signature")

    def test_unsupported(self):
        self.registry.publish(rules=2)
        self.require_nothing_crawled("unsupported")

    def test_expired(self):
        self.registry.publish(expiresAt="2020-01-01T00:00:00Z")
        self.require_nothing_crawled("expired")

    def test_expired_copy_without_an_update(self):
        ends = time.time() + 1
        self.registry.publish(expiresAt=written(ends))
        with Snapshot(self.copy, self.registry.key, self.registry.folder) as snapshot:
            snapshot.update()
        time.sleep(max(0, ends - time.time()) + 0.1)
        self.files.answer = lambda: 503
        self.require_nothing_crawled("expired")

    def test_a_copy_from_the_future(self):
        later = time.time() + 1200
        self.registry.now = later
        self.registry.publish()
        with Snapshot(self.copy, self.registry.key, self.registry.folder, clock=lambda: later) as snapshot:
            snapshot.update()
        self.require_nothing_crawled("expired", ASKFIRST_SNAPSHOT="")

    def test_rolled_back(self):
        # The copy of a later time has expired, and the registry sends an earlier state.
        later = Registry(self.folder / "later", int(time.time()) + 500).release(content(), 40)
        ends = time.time() + 1
        later.publish(expiresAt=written(ends))
        with Snapshot(self.copy, self.registry.key, later.folder) as snapshot:
            snapshot.update()
        time.sleep(max(0, ends - time.time()) + 0.1)
        found = self.crawl(["/allowed/1"], self.settings(ASKFIRST_WAIT=1))
        self.assertEqual([("/allowed/1", "expired")], found["dropped"])
        self.assertGreater(found["counts"]["askfirst/updates/refused/rolled-back"], 0)
        self.assertEqual([], self.site.fetched)

    def test_truncated(self):
        (self.registry.folder / self.registry.releases[0]["path"]).unlink()
        self.require_nothing_crawled("truncated")

    def test_tampered(self):
        path = self.registry.folder / self.registry.releases[0]["path"]
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        self.require_nothing_crawled("tampered")

    def test_tampered_copy(self):
        self.copy.mkdir()
        (self.copy / "state.json").write_text("{}")
        self.require_nothing_crawled("tampered")

    def test_mixed(self):
        self.registry.publish(releases=[])
        self.require_nothing_crawled("mixed")

    def test_status_429(self):
        self.files.answer = lambda: 429
        self.require_nothing_crawled("unreachable")

    def test_status_503(self):
        self.files.answer = lambda: 503
        self.require_nothing_crawled("unreachable")

    def test_a_connection_that_is_closed(self):
        self.files.answer = lambda: None
        self.require_nothing_crawled("unreachable")

    def test_no_server(self):
        self.files.close()
        self.require_nothing_crawled("unreachable")

    def test_time_out(self):
        released = threading.Event()
        self.addCleanup(released.set)
        self.files.answer = lambda: released.wait(60) and None
        self.require_nothing_crawled("unreachable")

    def test_a_crash_of_the_thread(self):
        # The place of the copy is a file.
        self.copy.write_text("")
        self.require_nothing_crawled("error")

    def test_a_crash_of_a_check(self):
        found = self.crawl(["/allowed/1", "/denied"], self.settings(STATS_CLASS="tests.crawl.BrokenCounts"))
        self.assertEqual([], self.site.fetched)
        self.assertEqual([("/allowed/1", "error"), ("/denied", "deny")], found["dropped"])
        self.assertEqual(1, found["counts"]["askfirst/refused/error"])

    def test_a_crash_before_the_answer_and_nonsense_for_an_answer(self):
        broken = {"DOWNLOADER_MIDDLEWARES": {"tests.crawl.BrokenMiddleware": 90}}
        paths = ["/allowed/" + one for one in ("crash", "nothing", "pair", "text", "true")]
        found = self.crawl(paths, self.settings(**broken))
        self.assertEqual([], self.site.fetched)
        self.assertEqual([(path, "error") for path in paths], found["dropped"])

    def test_wrong_settings_stop_the_crawl(self):
        for changed in (
            {"ASKFIRST_KEY": ""}, {"ASKFIRST_KEY": "nowhere.txt"}, {"ASKFIRST_USES": "painting"}, {"ASKFIRST_WAIT": 0},
            {"ASKFIRST_ONLINE": "http://127.0.0.1:9"}, {"ASKFIRST_SNAPSHOT": "", "ASKFIRST_ONLINE": "registry.example"},
        ):  # fmt: skip
            with self.subTest(changed):
                found = self.crawl(["/allowed/1"], self.settings(**changed))
                self.assertEqual(([], []), (found["pages"], self.site.fetched))
                self.assertEqual(1, len(found["faults"]))


class OnlineRegistry(WithCrawls):
    def setUp(self):
        super().setUp()
        self.online = Online(Index([self.segment(content())]))
        self.addCleanup(self.online.close)

    def online_crawl(self, *paths, again=None, **settings):
        return self.crawl(list(paths), {"ASKFIRST_ONLINE": self.online.address, "ASKFIRST_WAIT": 20, **settings}, again)

    def test_only_permission_passes_and_requests_are_asked_together(self):
        found = self.online_crawl("/allowed/1", "/denied", "/terms", "/silent", "/moved", "data:,text")
        self.assertEqual(["/allowed/1"], found["pages"], self.log)
        self.assertEqual(
            [
                ("/denied", "deny"), ("/denied?moved", "deny"), ("/silent", "unknown"), ("/terms", "ask"),
                ("data:,text", "unreadable"),
            ],
            found["dropped"],
        )  # fmt: skip
        self.assertEqual(["/allowed/1", "/moved"], self.site.paths)
        self.assertLess(len(self.online.calls), 6)
        self.assertEqual(["text-and-data-mining"], self.online.calls[0][1]["uses"])

    def test_failures_are_no_answers_and_are_not_kept(self):
        for status, headers, data in (
            (429, {"Retry-After": "0"}, None), (503, {"Retry-After": "0"}, None), (None, {}, None), (200, {}, b"{}"),
            (200, {}, b"not JSON"), (403, {}, None), (429, {"Retry-After": "9999"}, None),
        ):  # fmt: skip
            with self.subTest(status=status, data=data, headers=headers):
                self.site.fetched.clear()
                waits = headers.get("Retry-After") != "0"
                # What is tried without a wait is tried six times.
                self.online.script = [(status, headers, data)] * (6 if not waits else 1)
                if status == 200 or status is None:
                    # The client waits longer with each attempt, and the crawl does not wait for it.
                    self.online.script *= 6
                    found = self.online_crawl("/allowed/1", ASKFIRST_WAIT=1)
                    self.assertEqual([("/allowed/1", "time-out")], found["dropped"], self.log)
                    self.assertEqual([], self.site.fetched)
                    self.assertEqual(1, found["counts"]["askfirst/refused/time-out"])
                    continue
                found = self.online_crawl("/allowed/1", again={"/allowed/1": 1})
                self.assertEqual([("/allowed/1", "unreachable")], found["dropped"], self.log)
                self.assertEqual(["/allowed/1"], found["pages"])
                self.assertEqual(1, found["counts"]["askfirst/refused/unreachable"])

    def test_no_server(self):
        self.online.close()
        found = self.online_crawl("/allowed/1", ASKFIRST_WAIT=1)
        self.assertEqual([], self.site.fetched)
        self.assertEqual([("/allowed/1", "time-out")], found["dropped"])


if __name__ == "__main__":
    unittest.main()
