"""A real Chromium in front of a real ``careerbench demo``.

With ``CAREERBENCH_REQUIRE_BROWSER=1`` a missing browser fails the tests instead of skipping them;
``CAREERBENCH_CHROMIUM`` names the browser to take.
"""

import dataclasses
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WINDOWS = sys.platform == "win32"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
         "microsoft-edge", "msedge", "chrome")  # fmt: skip
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
START_SECONDS, STOP_SECONDS = 180, 30
_SPEC = importlib.util.spec_from_file_location(
    "serving_fixtures", ROOT / "tests" / "dashboards" / "serving" / "conftest.py"
)
SERVING = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(SERVING)
release_file, running, until = SERVING.release_file, SERVING.running, SERVING.until


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def missing(what):
    """Skip, or fail where browser tests are required."""
    if os.environ.get("CAREERBENCH_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{what}, and CAREERBENCH_REQUIRE_BROWSER is 1")
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium():
    """Find a browser of the Chromium family on this machine; none is ever downloaded."""
    asked = os.environ.get("CAREERBENCH_CHROMIUM")
    if asked:
        return shutil.which(asked) or missing(f"there is no browser at {asked}")
    found = filter(None, (*map(shutil.which, NAMES), *filter(os.path.exists, PLACES)))
    return next(found, None) or missing("there is no Chromium, Chrome or Edge")


@pytest.fixture(scope="module")
def browser(chromium):
    """Start the browser; per module, because Playwright holds the thread's event loop."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright for Python is not installed")
    arguments = ["--no-proxy-server"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def address(chromium, tmp_path_factory):
    """Run the demo as its user does; at the end, stop it as its user does."""
    said = tmp_path_factory.mktemp("demo") / "said.txt"
    with said.open("w") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "careerbench", "demo", "--no-browser", "--port", "0"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=subprocess.STDOUT,
            creationflags=subprocess.CREATE_NEW_PROCESS_GROUP if WINDOWS else 0,
        )
    try:
        yield _address_in(said, process)
    finally:
        code = _stopped(process)
    output = said.read_text(encoding="utf-8")
    assert code == 0, output
    assert "Traceback" not in output, output


def _address_in(said, process):
    """Wait until the demo prints where it is."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if found := ADDRESS.search(said.read_text(encoding="utf-8")):
            return found[0]
        time.sleep(0.1)
    pytest.fail(f"careerbench demo printed no address:\n{said.read_text(encoding='utf-8')}")


def _stopped(process):
    """Press Ctrl-C (Ctrl-Break on Windows) and return the exit code."""
    if process.poll() is None:
        process.send_signal(signal.CTRL_BREAK_EVENT if WINDOWS else signal.SIGINT)
    try:
        return process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return "none: it did not stop"


@pytest.fixture
def page(browser, address):
    """A fresh page, not yet at ``address``; whatever goes wrong on it fails the test."""
    context = browser.new_context()
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    problems = _problems_on(opened, address)
    yield opened
    found = list(problems)
    context.close()
    assert found == []


def _problems_on(page, address):
    """Gather errors, refusals, failures and requests that leave this machine."""
    problems = []

    def hear(message):
        if message.type == "error":
            problems.append(f"console: {message.text}")

    def ask(request):
        if not request.url.startswith((address, "data:", "blob:")):
            problems.append(f"asked another host: {request.url}")

    def fail(request):
        if "/voila/api/shutdown/" not in request.url:  # a good-bye hears no answer
            problems.append(f"failed: {request.url} {request.failure}")

    def answer(response):
        if response.status >= 400:
            problems.append(f"answered {response.status}: {response.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("request", ask)
    page.on("requestfailed", fail)
    page.on("response", answer)
    return problems


@pytest.fixture(scope="session")
def stick(small_release, tmp_path_factory):
    """The stakeholders' page of the small release, as a file on a memory stick."""
    from careerbench.dashboards.page import write_page

    mine = dataclasses.replace(small_release)
    mine.save(tmp_path_factory.mktemp("release") / "small.release")
    return write_page(mine, tmp_path_factory.mktemp("stick") / "page.html").as_uri()


@pytest.fixture
def released(browser, stick):
    """A page at the start of ``stick``; an error or a request on it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    problems = _problems_on(opened, "file:///")
    opened.goto(stick)
    opened.locator("[data-ready]").wait_for(state="attached")
    yield opened
    found = list(problems)
    context.close()
    assert found == []


@pytest.fixture(scope="session")
def axe():
    """Return axe-core's script."""
    named = os.environ.get("CAREERBENCH_AXE", "")
    if named and Path(named).is_file():
        return Path(named).read_text(encoding="utf-8")
    return missing("axe-core is not here (CAREERBENCH_AXE names no axe.min.js)")


@pytest.fixture(scope="session")
def violations(axe):
    """Return a function that lists axe's violations in a page as it stands."""

    def found(page):
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(axe)
        result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert len(result["passes"]) > 5
        return [
            (each["id"], each["help"], [node["html"][:120] for node in each["nodes"][:3]])
            for each in result["violations"]
        ]

    return found
