"""The served dashboard in a real browser: the way in, every page, what is handed out, the way out."""

import csv
import io
import re

import pytest
from openpyxl import load_workbook

PASSWORD = "four words of mine"
VIEWS = ("programme", "area", "school", "year", "benchmark", "change", "answers", "about")


@pytest.fixture(scope="module")
def locked(running, release_file):
    site = {"password": PASSWORD, "base_url": "/careers/"}
    with running(release_file, site, {"most_kernels": 0}) as dashboard:
        yield dashboard


@pytest.fixture(scope="module")
def opened(running, release_file):
    with running(release_file, limits={"most_kernels": 1}) as dashboard:
        yield dashboard


@pytest.fixture
def visitor(browser):
    """A browser of its own; what its console says against the pages fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else 0)
    yield page
    context.close()
    refused = "Failed to load resource"  # a status that a test asks for on purpose
    assert [words for words in said if not words.startswith(refused)] == []


def log_in(page, dashboard, going_to=""):
    page.goto(dashboard.address + going_to)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def ready(page):
    page.locator("[data-ready]").wait_for(state="attached")


def narrow(page, violations):
    """Say what is wrong at 320 pixels: axe's violations, and a page that scrolls sideways."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_timeout(80)
    wide = page.evaluate("document.documentElement.scrollWidth") > 320
    return [*violations(page), *(["scrolls sideways"] if wide else [])]


def test_the_way_in_by_keyboard_and_the_way_out(visitor, locked):
    visitor.goto(locked.address)
    visitor.keyboard.press("Tab")
    assert visitor.get_by_label("Password").evaluate("e => e === document.activeElement")
    visitor.keyboard.type("not the password")
    visitor.keyboard.press("Enter")
    alert = visitor.get_by_role("alert")
    assert alert.inner_text() == "This is not the password. Try again."
    assert visitor.get_by_label("Password").get_attribute("aria-describedby") == "wrong"
    visitor.get_by_label("Password").fill(PASSWORD)
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Space")
    ready(visitor)
    visitor.goto(f"{locked.address}#view=change")
    visitor.get_by_role("button", name="Log out").click()
    visitor.get_by_role("heading", name="Log in to the dashboard").wait_for()
    assert visitor.context.cookies() == []
    visitor.go_back()
    visitor.reload()
    assert visitor.get_by_label("Password").is_visible()


def test_without_a_password_there_is_no_way_out_and_without_kernels_no_live_view(
    visitor, opened, locked
):
    visitor.goto(f"{opened.address}#view=about")
    ready(visitor)
    assert visitor.get_by_role("button", name="Log out").count() == 0
    link = visitor.get_by_role("link", name="Open the live view")
    assert link.evaluate("link => link.href") == f"{opened.address}live/"
    log_in(visitor, locked)
    ready(visitor)
    visitor.goto(f"{locked.address}#view=about")
    visitor.get_by_role("heading", name="Every cell at once").wait_for()
    assert visitor.get_by_role("link", name="Open the live view").count() == 0


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_works_as_served(visitor, opened, violations, view):
    visitor.goto(f"{opened.address}#view={view}&school=school%3A900001")
    ready(visitor)
    assert visitor.locator("nav [aria-current=page]").count() == 1
    assert not visitor.locator(".problem").is_visible()
    assert visitor.locator("main section").count() >= 1
    assert violations(visitor) == []
    assert narrow(visitor, violations) == []


def saved(page, act):
    with page.expect_download() as caught:
        act.click()
    return caught.value.suggested_filename, caught.value.path().read_bytes()


def test_every_cell_can_be_taken_home_and_says_what_it_is(visitor, opened, small_release):
    visitor.goto(f"{opened.address}#view=about")
    ready(visitor)
    cells = small_release.cells()
    name, content = saved(visitor, visitor.get_by_role("link", name="XLSX"))
    book = load_workbook(io.BytesIO(content), read_only=True)
    about = dict(book["About"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert about["Study"] == small_release.title
    assert "not 0" in about["Blank values"]
    assert book["Cells"].max_row == len(cells) + 1
    assert re.fullmatch(r"[a-z-]+-[0-9a-f]{8}-cells\.xlsx", name)
    other, content = saved(visitor, visitor.get_by_role("link", name="CSV"))
    assert other.removesuffix(".csv") == name.removesuffix(".xlsx")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == len(cells)
    hidden = [row for row in rows if row["reason"] == "c"]
    assert {(row["value"], row["reason_in_words"]) for row in hidden} == {
        ("", "hidden, so that nobody can be made out")
    }


@pytest.mark.parametrize(
    ("kind", "begins"), [("CSV", b"\xef\xbb\xbf"), ("XLSX", b"PK"), ("SVG", b"<svg"), ("PNG", b"\x89PNG")]
)  # fmt: skip
def test_what_the_browser_makes_is_allowed_by_the_policy(visitor, opened, kind, begins):
    visitor.goto(opened.address)
    ready(visitor)
    button = visitor.locator('[data-section="states"]').get_by_role("button", name=f"as {kind}")
    name, content = saved(visitor, button)
    assert name.endswith(f".{kind.lower()}")
    assert content.startswith(begins)
    visitor.get_by_role("status").filter(has_text=f", {kind}.").wait_for(state="attached")


def test_a_form_to_another_host_is_stopped(browser, locked):
    page = browser.new_page()
    log_in(page, locked)
    ready(page)
    stopped = page.evaluate("""new Promise((done) => {
      document.addEventListener('securitypolicyviolation', (event) => done(event.violatedDirective));
      const form = document.querySelector('form[action=logout]');
      form.action = 'http://127.0.0.1:9/';
      form.requestSubmit();
    })""")
    assert stopped == "form-action"
    page.close()


PAGES = {
    "log-in": ("locked", "", None),
    "wrong password": ("locked", "", "not the password"),
    "404": ("opened", "nothing/here", None),
    "404 below live": ("opened", "live/nothing", None),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_around_it_are_for_everybody(visitor, violations, request, name):
    server, path, typed = PAGES[name]
    visitor.goto(request.getfixturevalue(server).address + path)
    if typed:
        visitor.get_by_label("Password").fill(typed)
        visitor.keyboard.press("Enter")
        visitor.get_by_role("alert").wait_for()
    assert visitor.get_by_role("heading", level=1).count() == 1
    assert visitor.get_by_role("main").count() == 1
    assert violations(visitor) == []
    assert narrow(visitor, violations) == []
    visitor.keyboard.press("Tab")
    width = "e => parseFloat(getComputedStyle(e).outlineWidth)"
    assert visitor.locator(":focus").evaluate(width) >= 2


def test_a_visitor_without_a_place_is_told_where_else_to_go(visitor, opened, violations):
    opened.page()  # takes the only kernel
    visitor.goto(f"{opened.address}live/")
    assert visitor.get_by_role("heading", level=1).inner_text() == "All live places are taken"
    assert violations(visitor) == []
    assert narrow(visitor, violations) == []
    visitor.get_by_role("link", name="Open the dashboard").click()
    ready(visitor)
