"""The live view in a real browser: it draws, keeps its address, and is never left looking alive and dead."""

import os
import select
import signal
import socket
import threading
from contextlib import contextmanager

import pytest

LIMITS = {"most_kernels": 12, "grace_seconds": 3}
EXPECTED = ("Failed to load resource", "WebSocket connection to")  # after a fault, and only then


@pytest.fixture(scope="module")
def dashboard(running, release_file):
    with running(release_file, limits=LIMITS) as running_dashboard:
        yield running_dashboard


@pytest.fixture
def live(browser):
    """Return a function that opens a live view in a browser of its own."""
    contexts, said = [], []

    def opened(address, width=1280):
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}))
        page = contexts[-1].new_page()
        page.set_default_timeout(40_000)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "console", lambda message: said.append(message.text) if message.type == "error" else 0
        )
        page.goto(address)
        drawn(page)
        return page

    opened.said = said
    yield opened
    for context in contexts:
        context.close()
    assert [words for words in said if not words.startswith(EXPECTED)] == []


def drawn(page, heading=None):
    page.get_by_role("heading", level=1, name=heading).wait_for()


def lost(page):
    """Wait for the banner, and return its words."""
    banner = page.locator("#cb-lost")
    banner.get_by_role("button").wait_for()
    return banner.locator("span").inner_text()


def go_on(page):
    """Click the banner's one button, and wait for a page without a banner."""
    page.locator("#cb-lost").get_by_role("button").click()
    page.wait_for_function(
        "() => document.querySelector('#cb-lost') && !document.querySelector('#cb-lost button')"
    )
    drawn(page)


def test_it_draws_and_slices_without_a_complaint(live, dashboard):
    page = live(f"{dashboard.address}live/")
    drawn(page, "Programme")
    before = page.locator('[data-section="states"] svg').get_attribute("aria-label")
    page.get_by_label("Wave", exact=True).select_option(label="Baseline")
    assert page.locator('[data-section="states"] svg').get_attribute("aria-label") != before
    assert "Showing Wave: Baseline" in page.get_by_role("status").last.inner_text()
    page.get_by_role("link", name="Answers", exact=True).click()
    drawn(page, "Answers")
    page.wait_for_timeout(300)
    assert live.said == []
    page.get_by_role("link", name="Leave the live view").click()
    page.locator("#careerbench[data-ready]").wait_for(state="attached")
    assert page.url == dashboard.address


def test_a_live_view_has_an_address_that_reopens_it_and_a_way_back(live, dashboard):
    page = live(f"{dashboard.address}live/#view=change&to=year_1")
    drawn(page, "Change over waves")
    assert page.locator("select[name=to]").input_value() == "year_1"
    page.get_by_role("link", name="Year groups", exact=True).click()
    page.wait_for_url("**/live/#view=year&to=year_1")
    page.go_back()
    drawn(page, "Change over waves")
    page.keyboard.press("Home")
    page.locator(".cb-skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "rendered_cells"
    assert page.url.endswith("#view=change&to=year_1")  # the skip link is no view


def test_the_policy_lets_the_widget_in_and_nothing_more(live, dashboard):
    policy = dashboard.ask("/live/").headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == "'self' 'unsafe-inline' blob:"
    assert rules["connect-src"] == rules["form-action"] == rules["base-uri"] == "'self'"
    assert "unsafe-eval" not in policy
    page = live(f"{dashboard.address}live/")
    for directive, act in {
        "connect-src": "fetch('http://127.0.0.1:9/').catch(() => {})",
        "script-src": "setTimeout('1')",
        "frame-src": "document.body.append(Object.assign(document.createElement('iframe'), {src: 'http://127.0.0.1:9/'}))",
    }.items():  # fmt: skip
        stopped = page.evaluate("""(act) => new Promise((done) => {
          document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective), { once: true });
          const script = document.createElement('script');
          script.textContent = act;
          document.body.append(script);
        })""", act)  # fmt: skip
        assert stopped.startswith(directive)
    refused = ("Refused to", "Connecting to", "Evaluating a string", "Framing", "Fetch API")
    live.said[:] = [words for words in live.said if not words.startswith(refused)]


def test_a_kernel_that_is_killed_is_told_the_figures_go_on_and_one_click_brings_another(
    live, dashboard, until
):
    page = live(f"{dashboard.address}live/#view=change")
    other = live(f"{dashboard.address}live/#view=area")
    mine = page.evaluate(
        "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
    )
    os.kill(dashboard.kernels()[mine], getattr(signal, "SIGKILL", signal.SIGTERM))
    assert "has stopped" in lost(page)
    page.locator("select[name=to]").select_option("baseline")
    page.wait_for_url("**/live/#view=change&to=baseline")
    go_on(page)
    assert page.locator("select[name=to]").input_value() == "baseline"
    assert page.get_by_role("heading", level=1).inner_text() == "Change over waves"
    assert other.locator("#cb-lost button").count() == 0
    other.get_by_role("link", name="Year groups", exact=True).click()
    drawn(other, "Year groups")
    page.context.close()
    assert until(lambda: mine not in dashboard.kernels())


def test_a_closed_tab_takes_its_kernel_along(live, dashboard, until):
    before = set(dashboard.kernels())
    page = live(f"{dashboard.address}live/")
    assert until(lambda: set(dashboard.kernels()) - before)
    page.close(run_before_unload=True)
    assert until(lambda: set(dashboard.kernels()) <= before)


def test_two_visitors_do_not_see_each_others_choice(live, dashboard):
    mine, yours = live(f"{dashboard.address}live/"), live(f"{dashboard.address}live/")
    mine.get_by_label("My school", exact=True).select_option("school:900001")
    mine.wait_for_url("**school*")
    yours.wait_for_timeout(500)
    assert yours.get_by_label("My school", exact=True).input_value() == ""
    again = live(f"{dashboard.address}live/")
    assert again.get_by_label("My school", exact=True).input_value() == ""


class Wire:
    """The way to a server, which can be cut without a word, as by a lid that is closed."""

    def __init__(self, port):
        self._port, self._pairs, self.is_up = port, [], True
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self):
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if not self.is_up:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._port))
            self._pairs.append((near, far))
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near, far):
        other = {near: far, far: near}
        try:
            while True:
                for ready in select.select([near, far], [], [])[0]:
                    piece = ready.recv(65_536)
                    if not piece:
                        return
                    other[ready].sendall(piece)
        except (OSError, ValueError):
            return  # it was cut
        finally:
            near.close()
            far.close()

    def cut(self):
        self.is_up = False
        for near, far in self._pairs:
            for end in (near, far):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # closed before
        self._pairs.clear()

    def close(self):
        self.cut()
        self._door.close()


@contextmanager
def wire_to(dashboard):
    wire = Wire(dashboard.port)
    try:
        yield wire
    finally:
        wire.close()


def test_a_browser_that_slept_for_long_is_told_and_goes_on_where_it_was(live, dashboard, until):
    with wire_to(dashboard) as wire:
        before = set(dashboard.kernels())
        page = live(f"http://127.0.0.1:{wire.port}/live/#view=answers&school=school%3A900001")
        wire.cut()
        assert "connection is gone" in lost(page)
        assert until(lambda: set(dashboard.kernels()) <= before)  # nobody came back for it
        page.locator("#cb-lost button").click()
        page.get_by_text("The server does not answer. Try again in a minute.").wait_for()
        wire.is_up = True
        go_on(page)
        drawn(page, "Answers")
        assert page.locator("select[name=school]").input_value() == "school:900001"


def test_a_line_that_is_lost_for_a_moment_comes_back_by_itself(live, dashboard):
    with wire_to(dashboard) as wire:
        page = live(f"http://127.0.0.1:{wire.port}/live/#view=year")
        wire.cut()
        wire.is_up = True
        page.wait_for_function("() => !document.querySelector('#cb-lost button')")
        page.get_by_role("link", name="Areas", exact=True).click()
        drawn(page, "Areas")
        page.wait_for_timeout(1_000 * LIMITS["grace_seconds"])
        assert page.locator("#cb-lost button").count() == 0


def test_it_is_for_everybody_with_and_without_a_banner(live, dashboard, violations, until):
    page = live(f"{dashboard.address}live/", width=320)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    mine = page.evaluate(
        "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
    )
    os.kill(dashboard.kernels()[mine], getattr(signal, "SIGKILL", signal.SIGTERM))
    assert "has stopped" in lost(page)
    assert page.get_by_role("alert").first.is_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator("#cb-lost").bounding_box()["height"] <= 0.6 * 800


def test_who_does_nothing_is_put_to_rest_and_a_server_that_starts_again_is_found(
    live, running, release_file
):
    with running(release_file, limits={**LIMITS, "idle_seconds": 4}) as first:
        idle = live(f"{first.address}live/#view=benchmark&benchmark=p5")
        assert "not used for a while" in lost(idle)
        go_on(idle)
        assert idle.locator("select[name=benchmark]").input_value() == "p5"
        port = first.port
    assert "connection is gone" in lost(idle)
    idle.locator("#cb-lost button").click()
    idle.get_by_text("The server does not answer").wait_for()
    with running(release_file, {"port": port}, LIMITS) as second:
        assert second.port == port
        go_on(idle)
        drawn(idle, "Benchmarks")
        assert idle.locator("select[name=benchmark]").input_value() == "p5"
