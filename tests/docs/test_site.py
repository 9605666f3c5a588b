"""The built site: no warning, no dead link, nothing asked of other hosts, no page too wide."""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("material", reason="MkDocs Material is not installed")

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTHS = (320, 1440)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site as CI does: a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    ran = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder


class Page(HTMLParser):
    """What a page loads, what it links to, and which places in it can be linked to."""

    LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "form": "action"}

    def __init__(self, path):
        super().__init__()
        self.loads, self.links, self.ids = [], [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if said.get("id"):
            self.ids.add(said["id"])
        if tag in self.LOADS and said.get(self.LOADS[tag]):
            self.loads.append(said[self.LOADS[tag]])
        if tag == "link" and said.get("rel") not in ("canonical", "next", "prev"):
            self.loads.append(said.get("href", ""))
        if tag == "a" and said.get("href"):
            self.links.append(said["href"])


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}


def test_no_page_loads_anything_from_another_host(pages):
    foreign = {url for page in pages.values() for url in page.loads if urlsplit(url).netloc}
    assert len(pages) > 30
    assert foreign == set()


def test_no_style_sheet_loads_anything_from_another_host(site):
    sheets = list(site.rglob("*.css"))
    assert sheets
    assert [
        s.name for s in sheets if re.search(r"url\(['\"]?(https?:)?//", s.read_text("utf-8"))
    ] == []


def test_no_link_inside_the_site_is_dead(pages):
    dead = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = pages[target].ids if target in pages else None
            if not target.is_file() or (parts.fragment and known is not None
                                        and unquote(parts.fragment) not in {*known, "__skip"}):  # fmt: skip
                dead.append((path.name, link))
    assert dead == []


def test_every_public_name_of_a_room_stands_on_its_page_with_its_signature(site):
    import careerbench

    for room in careerbench._ROOMS:
        text = (site / "rooms" / f"{room}.html").read_text(encoding="utf-8")
        names = getattr(careerbench, room).__all__
        assert [name for name in names if f'id="{name}"' not in text] == [], room
    analysis = (site / "rooms" / "analysis.html").read_text(encoding="utf-8")
    signature = re.sub(r"<[^>]+>", "", analysis[analysis.index('id="change"') :])[:900]
    assert "before: str" in signature
    assert ":func:" not in analysis
    assert "]_" not in re.sub(r"<code>.*?</code>", "", analysis, flags=re.S)


def test_the_glossary_holds_every_word_of_the_readme(site):
    readme = (ROOT / "README.md").read_text(encoding="utf-8").split("## Glossary")[1]
    words = re.findall(r"^\| \*\*([\w ]+)\*\*", readme.split("\n## ")[0], re.M)
    text = (site / "reference" / "glossary.html").read_text(encoding="utf-8")
    assert len(words) > 10
    assert [word for word in words if f"<strong>{word}</strong>" not in text] == []


def missing(what):
    if os.environ.get("CAREERBENCH_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{what}, and CAREERBENCH_REQUIRE_BROWSER is 1")
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser():
    asked = os.environ.get("CAREERBENCH_CHROMIUM")
    found = next(filter(None, map(shutil.which, [asked] if asked else NAMES)), None)
    if not found:
        missing("there is no Chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright for Python is not installed")
    arguments = ["--no-proxy-server"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def opened(browser):
    """A fresh page that writes down what it asks for and what fails in it."""
    page = browser.new_page()
    page.asked, page.failed = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.failed.append(str(error)))
    yield page
    page.close()


SHOWN = ["index.html", "how-to/what-changed.html", "rooms/analysis.html", "reference/formulas.html"]


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_asks_nothing_of_other_hosts_and_is_no_wider_than_the_screen(address, opened, width):
    opened.set_viewport_size({"width": width, "height": 900})
    for name in SHOWN:
        opened.goto(address + name, wait_until="networkidle")
        wider = opened.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert (name, wider) == (name, 0)
    foreign = [url for url in opened.asked if not url.startswith((address, "data:", "blob:"))]
    assert (foreign, opened.failed) == ([], [])
    assert opened.context.cookies() == []


@pytest.mark.browser
def test_what_scrolls_sideways_is_reached_by_keyboard_and_every_part_has_a_name(address, opened):
    opened.set_viewport_size({"width": 320, "height": 900})
    opened.goto(address + "how-to/what-changed.html", wait_until="networkidle")
    scrolls = (
        "[...document.querySelectorAll('pre > code')].filter(e => e.scrollWidth > e.clientWidth)"
    )
    assert opened.evaluate(f"{scrolls}.length") > 0
    assert opened.evaluate(f"{scrolls}.filter(e => e.tabIndex < 0).length") == 0
    opened.set_viewport_size({"width": 1440, "height": 900})
    named = "[...document.querySelectorAll('nav')].filter(e => e.checkVisibility()).map(e => e.ariaLabel)"
    names = opened.evaluate(named)
    assert len(set(names)) == len(names) > 3
    assert all(names)


@pytest.mark.browser
def test_search_finds_a_page_from_a_folder_of_files_with_no_server(site, opened):
    opened.goto((site / "index.html").as_uri(), wait_until="load")
    opened.keyboard.press("/")
    opened.keyboard.type("Wilson")
    opened.wait_for_selector(".md-search-result__item", timeout=20_000)
    links = opened.eval_on_selector_all(
        ".md-search-result__link", "found => found.map(a => a.href)"
    )
    assert any("formulas.html" in link for link in links)
    assert [url for url in opened.asked if not url.startswith(("file:", "data:", "blob:"))] == []
