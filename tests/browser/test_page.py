"""The stakeholders' page from a memory stick, in a real browser and under its own policy."""

import csv
import dataclasses
import io
import re
import xml.etree.ElementTree as ElementTree

import pytest
from openpyxl import load_workbook

from careerbench.dashboards.page import write_page

VIEWS = ("programme", "area", "school", "year", "benchmark", "change", "answers", "about")
LABELS = ("Programme", "Areas", "Schools", "Year groups", "Benchmarks", "Change over waves",
          "Answers", "About these figures")  # fmt: skip
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "=cmd|' /C calc'!A0",
)


def go(page, address):
    """Change the address as a link does, and wait until the page shows it."""
    page.evaluate("address => { location.hash = address; }", address)
    page.wait_for_function("() => new Promise((done) => requestAnimationFrame(() => done(true)))")


def address_says(page, words):
    """Wait for the address, which follows a moment after the picture."""
    page.wait_for_function("words => location.hash.includes(words)", arg=words)


def rows_of(page, section):
    """Open a section's table and read it."""
    place = page.locator(f'[data-section="{section}"]')
    if not place.locator("details").evaluate("element => element.open"):
        place.locator("summary").click()
    place.locator("tbody tr").first.wait_for()
    return [row.locator("th, td").all_inner_texts() for row in place.locator("tbody tr").all()]


def test_it_opens_from_a_file_with_the_releases_numbers(released, small_release):
    cells = small_release.cells().query(
        "topic == 'benchmarks' and wave == 'year_2' and region_name == 'All'"
    )
    titles = (
        small_release.labels().query("dimension == 'item:benchmarks'").set_index("code")["label"]
    )
    rows = rows_of(released, "states")
    assert [row[0] for row in rows] == titles.tolist()
    for row, item in zip(rows, titles.index, strict=True):
        mine = cells[cells["item"] == item].set_index("answer")["value"].astype(int)
        states = ["achieved", "partial", "not achieved", "not scored", "All"]
        assert [int(said) for said in row[1:6]] == mine[states].tolist()


def test_every_page_is_one_click_from_every_other(released):
    for label in (*LABELS[1:], LABELS[0]):
        released.get_by_role("navigation").get_by_role("link", name=label, exact=True).click()
        assert released.get_by_role("heading", level=1).inner_text() == label
        assert released.get_by_role("heading", level=1).evaluate(
            "h => h === document.activeElement"
        )
        assert released.locator("nav [aria-current=page]").inner_text() == label
        assert released.title().startswith(label)


def test_a_pick_is_drawn_said_and_kept_in_the_address(released):
    released.get_by_label("Wave", exact=True).select_option(label="Baseline")
    assert "Showing Wave: Baseline" in released.get_by_role("status").inner_text()
    assert (
        released.get_by_label("Wave", exact=True).evaluate("e => e === document.activeElement")
        is False
    )
    address_says(released, "wave=baseline")
    address = released.url
    before = rows_of(released, "states")
    released.goto("about:blank")
    released.goto(address)
    released.locator("[data-ready]").wait_for(state="attached")
    assert released.get_by_label("Wave", exact=True).input_value() == "baseline"
    assert rows_of(released, "states") == before


def test_back_and_forward_walk_through_the_views(released):
    released.get_by_label("Wave", exact=True).select_option(label="Baseline")
    address_says(released, "wave=baseline")
    released.get_by_role("link", name="Answers", exact=True).click()
    address_says(released, "view=answers")
    released.go_back()
    released.get_by_role("heading", level=1, name="Programme").wait_for()
    assert released.get_by_label("Wave", exact=True).input_value() == "baseline"
    released.go_back()
    released.wait_for_function(
        "() => document.querySelector('select[name=wave]').value === 'year_2'"
    )
    released.go_forward()
    released.go_forward()
    released.get_by_role("heading", level=1, name="Answers").wait_for()


@pytest.mark.parametrize(
    "address",
    ["view=nothing", "view=school&school=school%3A1", "%00<img>", "x=<script>alert(1)</script>"],
)
def test_a_forged_address_shows_the_start_and_says_so(released, address):
    go(released, address)
    released.get_by_role("alert").filter(has_text="This address cannot be shown.").wait_for()
    assert released.get_by_role("heading", level=1).inner_text() == "Programme"
    go(released, "view=change")
    released.get_by_role("heading", level=1, name="Change over waves").wait_for()
    assert not released.locator(".problem").is_visible()


def test_a_hidden_figure_is_hatched_named_and_explained(released, small_release):
    urn = hidden_school(small_release)
    go(released, f"view=school&school=school%3A{urn}")
    section = released.locator('[data-section="questions"]')
    section.get_by_text("It must not be read as 0").wait_for()
    assert "hidden" in section.locator("svg").get_attribute("aria-label").lower()
    assert section.locator("svg text", has_text="hidden").count() >= 1
    assert section.locator("svg rect[fill^='url(#hatch']").count() >= 1
    assert any("hidden" in row for row in rows_of(released, "questions"))


def hidden_school(release):
    cells = release.cells()
    mine = cells.query(
        "topic == 'pupils' and wave == 'year_2' and answer_group == 'positive' and reason == 'c' "
        "and school_urn != 'All' and key_stage == 'All' and sex == 'All'"
    )
    return mine["school_urn"].iloc[0]


def test_what_is_not_released_says_what_to_unpick_and_a_button_does_it(released):
    go(released, "view=answers&place=school%3A900001&t.sex=F&t.year_group=KS1")
    released.get_by_text("Not released: for a school, one at a time is shown").wait_for()
    released.get_by_role("button", name="Set Sex to All").click()
    assert released.get_by_label("Sex", exact=True).input_value() == ""
    assert not released.get_by_text(
        "Not released: for a school, one at a time is shown, and here Year group and Sex"
    ).is_visible()


def test_my_school_is_marked_on_every_page_that_shows_schools(released):
    released.get_by_label("My school", exact=True).select_option("school:900001")
    assert (
        released.locator('[data-section="distribution"] svg text', has_text="◀ Kittiwake").count()
        == 1
    )
    for view in ("Areas", "Benchmarks"):
        released.get_by_role("link", name=view, exact=True).click()
        grid = released.locator('[data-section="grid"] svg')
        assert "My school, Kittiwake" in grid.get_attribute("aria-label")


def test_every_picture_has_words_and_a_table(released):
    for view in VIEWS[:-1]:
        go(released, f"view={view}" + ("&school=school%3A900001" if view == "school" else ""))
        pictures = released.locator("main svg").all()
        assert pictures, view
        assert all(len(each.get_attribute("aria-label")) > 40 for each in pictures)
        assert released.locator("main section").count() == released.locator("main details").count()


def test_every_table_has_a_caption_and_scoped_headers(released):
    for view in VIEWS[:-1]:
        go(released, f"view={view}")
        released.evaluate("document.querySelectorAll('details').forEach((d) => d.write())")
        for table in released.locator("main table").all():
            assert table.locator("caption").count() == 1
            assert table.locator("th:not([scope])").count() == 0
            assert table.locator("tbody tr").count() == table.locator("tbody th[scope=row]").count()


def download(page, kind, section="states"):
    with page.expect_download() as caught:
        page.locator(f'[data-section="{section}"]').get_by_role("button", name=f"as {kind}").click()
    return caught.value.suggested_filename, caught.value.path().read_bytes()


def test_downloads_say_what_they_are_and_hold_what_is_shown(released, small_release):
    shown = rows_of(released, "states")
    name, content = download(released, "CSV")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    about = dict(row for row in rows if row[0].startswith("# "))
    assert about["# Study"] == small_release.title
    assert about["# Slice"] == "Wave: End of Year 2"
    assert re.fullmatch("[0-9a-f]{64}", about["# Release fingerprint (SHA-256)"])
    assert rows[len(about) + 1 :] == shown
    assert name == "schools-by-benchmark-whole-programme-end-of-year-2.csv"
    name, content = download(released, "XLSX")
    book = load_workbook(io.BytesIO(content))
    assert [
        [str(value) for value in row]
        for row in book["Table"].iter_rows(min_row=2, values_only=True)
    ] == shown
    assert name.endswith(".xlsx")


def test_pictures_are_saved_whole_as_svg_and_png(released):
    _, content = download(released, "SVG")
    picture = ElementTree.fromstring(content)
    words = "".join(picture.itertext())
    assert "Slice: Wave: End of Year 2" in words
    assert "Policy: " in words
    _, content = download(released, "PNG")
    assert content.startswith(b"\x89PNG")
    assert len(content) > 10_000


@pytest.fixture(scope="module")
def hostile(small_release, tmp_path_factory):
    schools, labels = small_release.schools(), small_release.labels()
    schools.loc[:2, "school_name"] = HOSTILE
    labels["label"] = labels["label"] + "<svg onload=alert(3)>"
    tables = {**small_release.tables, "schools": schools, "labels": labels}
    manifest = {**small_release.manifest, "title": HOSTILE[0], "about": HOSTILE[1]}
    release = dataclasses.replace(small_release, tables=tables, manifest=manifest)
    return write_page(release, tmp_path_factory.mktemp("hostile") / "page.html").as_uri()


def test_names_that_look_like_code_are_only_words(released, hostile):
    said = []
    released.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    released.goto(hostile)
    released.locator("[data-ready]").wait_for(state="attached")
    for view in VIEWS:
        go(released, f"view={view}&school=school%3A900001")
        assert HOSTILE[0] in released.locator("body").inner_text()
        released.evaluate(
            "document.querySelectorAll('details').forEach((d) => d.write && d.write())"
        )
        assert released.locator("img, svg[onload], script:not([type])").count() == 0
    go(released, "view=area")
    assert HOSTILE[2] in str(rows_of(released, "grid"))
    content = download(released, "CSV", "grid")[1].decode("utf-8-sig")
    assert f"\n'{HOSTILE[2]}" in content
    assert said == []


@pytest.mark.parametrize("attack", [
    "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' }))",
    "document.body.insertAdjacentHTML('beforeend', '<b onclick=\"window.ran = 1\">x</b>'); document.querySelector('b').click()",
])  # fmt: skip
def test_the_policy_stops_a_script_that_is_not_the_pages_own(browser, stick, attack):
    page = browser.new_page()
    page.goto(stick)
    page.evaluate(attack)
    assert page.evaluate("window.ran") is None
    page.close()


def test_the_policy_stops_every_request(browser, stick):
    page = browser.new_page()
    page.goto(stick)
    asked = page.evaluate(
        "fetch('http://127.0.0.1:9/').then(() => 'asked', (error) => error.message)"
    )
    assert asked == "Failed to fetch"
    blocked = page.evaluate("""new Promise((done) => {
      document.addEventListener('securitypolicyviolation', (event) => done(event.violatedDirective));
      fetch('http://127.0.0.1:9/').catch(() => {});
    })""")
    assert blocked == "connect-src"
    page.close()


def test_keys_alone_reach_everything_in_order_with_visible_focus(released):
    released.keyboard.press("Tab")
    assert released.evaluate("document.activeElement.textContent") == "Skip to the figures"
    released.keyboard.press("Enter")
    assert released.evaluate("document.activeElement.tagName") == "MAIN"
    seen, kinds = [], []
    for _ in range(14):
        released.keyboard.press("Tab")
        look = released.evaluate("""() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
          return [e.tagName, s.outlineStyle, parseFloat(s.outlineWidth), r.height, r.width, r.top]; }""")
        kinds.append(look[0])
        seen.append(look)
    assert kinds[:7] == ["SELECT", "SELECT", "SUMMARY", "BUTTON", "BUTTON", "BUTTON", "BUTTON"]
    assert all(style == "solid" and width >= 2 for _, style, width, *_ in seen[:10])
    assert all(height >= 24 and width >= 24 for *_, height, width, _ in seen[:10])


def test_a_picker_keeps_its_focus_while_the_page_is_drawn_anew(released):
    wave = released.get_by_label("Wave", exact=True)
    wave.focus()
    released.keyboard.press("ArrowUp")
    released.get_by_role("status").filter(has_text="End of Year 1").wait_for()
    assert wave.evaluate("e => e === document.activeElement")


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_no_page_scrolls_sideways(released, width):
    released.set_viewport_size({"width": width, "height": 800})
    for view in VIEWS:
        go(released, f"view={view}&school=school%3A900001")
        released.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        released.wait_for_timeout(60)
        assert released.evaluate("document.documentElement.scrollWidth") <= width, view


def test_print_shows_the_slice_and_every_table_and_no_control(released):
    released.get_by_role("link", name="Answers", exact=True).click()
    released.evaluate("dispatchEvent(new Event('beforeprint'))")
    released.emulate_media(media="print")
    assert released.locator("p.slice", has_text="Showing Question: ").is_visible()
    assert not released.get_by_label("Wave", exact=True).is_visible()
    assert not released.get_by_role("navigation").is_visible()
    assert released.locator("main table").count() == 3
    assert all(table.is_visible() for table in released.locator("main table").all())


def test_larger_letters_make_larger_pictures(released):
    before = released.locator("main svg").first.get_attribute("font-size")
    released.evaluate("document.documentElement.className = 'large'")
    released.evaluate("document.querySelector('#careerbench').style.fontSize = '30px'")
    released.set_viewport_size({"width": 1200, "height": 800})
    released.wait_for_function(
        f"() => document.querySelector('main svg').getAttribute('font-size') !== '{before}'"
    )
    assert released.evaluate("document.documentElement.scrollWidth") <= 1200


def test_the_widget_draws_the_same_page_and_keeps_its_address(browser, payload_for_widget):
    esm, style, payload = payload_for_widget
    page = browser.new_page()
    page.goto("about:blank")
    page.add_style_tag(content=style)
    page.evaluate(
        """async ([esm, payload]) => {
          const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
          const kept = { payload, address: "view=change" };
          const heard = {};
          window.model = {
            get: (name) => kept[name], set: (name, value) => { kept[name] = value; },
            save_changes: () => { window.saved = kept.address; }, on: (name, call) => { heard[name] = call; }, kept, heard,
          };
          const el = document.createElement("div");
          document.body.append(el);
          module.default.render({ model: window.model, el });
        }""",
        [esm, payload],
    )
    assert page.get_by_role("heading", level=1).inner_text() == "Change over waves"
    page.get_by_role("link", name="Year groups", exact=True).click()
    assert page.evaluate("window.saved") == "view=year"
    page.evaluate(
        "() => { window.model.kept.address = 'view=area'; window.model.heard['change:address'](); }"
    )
    assert page.get_by_role("heading", level=1).inner_text() == "Areas"
    assert page.url == "about:blank"
    page.close()


@pytest.fixture
def payload_for_widget(small_release):
    from careerbench.dashboards.page.widget import ReleaseView

    view = ReleaseView(small_release)
    yield str(view._esm), str(view._css), view.payload
    view.close()
