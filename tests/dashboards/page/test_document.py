"""The page as text: whole, under a strict policy, and readable by a maintainer."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from careerbench.dashboards.page import csp_of, page_html, write_page
from careerbench.dashboards.page.script import hashed, joined, style
from careerbench.errors import BadArgumentError, DisclosureError

SOURCES = sorted(
    (path for path in (files("careerbench.dashboards.page") / "js").iterdir() if path.name.endswith(".js")),
    key=lambda path: path.name,
)  # fmt: skip
MODULES = {path.name: path.read_text(encoding="utf-8") for path in SOURCES}


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.inside = [], {}

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.tags and data.strip():
            self.inside.setdefault(self.tags[-1][0], []).append(data)


@pytest.fixture(scope="module")
def tags(small_release):
    found = Tags()
    found.feed(page_html(small_release))
    return found


def test_the_page_allows_its_own_script_and_style_and_nothing_else(tags):
    policy = next(at["content"] for tag, at in tags.tags if at.get("http-equiv"))
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["script-src"] == hashed(joined("main"))
    assert rules["style-src"] == hashed(style())
    assert rules["img-src"] == "data: blob:"
    assert "unsafe" not in policy


def test_the_hashes_are_those_of_what_stands_in_the_page(tags):
    assert hashed("".join(tags.inside["style"])) == hashed(style())
    assert tags.inside["script"][-1] == joined("main")


def test_a_server_sends_the_same_policy_and_forbids_frames(small_release):
    assert csp_of(small_release) == csp_of(page_html(small_release, where="server"))
    assert csp_of(small_release).endswith("form-action 'none'; frame-ancestors 'none'")


def test_only_a_page_with_a_way_out_may_send_a_form_and_to_its_own_server_alone(small_release):
    page = page_html(small_release, where="server", live=True, log_out=True)
    assert csp_of(page).endswith("form-action 'self'; frame-ancestors 'none'")
    assert csp_of(page).replace("'self'", "'none'") == csp_of(small_release)
    assert 'data-live="" data-leave=""' in page
    assert "data-leave" not in page_html(small_release, where="server")


def test_another_pages_policy_is_not_made_up():
    with pytest.raises(DisclosureError, match="no page of this careerbench"):
        csp_of("<html></html>")
    with pytest.raises(DisclosureError, match="only a Release"):
        csp_of(3)


def test_the_page_has_language_title_and_width(tags, small_release):
    at = dict(tags.tags)
    assert at["html"]["lang"] == "en-GB"
    assert "".join(tags.inside["title"]).strip() == small_release.title
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in [
        a for t, a in tags.tags if t == "meta"
    ]


def test_no_element_asks_for_a_file(tags):
    assert [
        at for _, at in tags.tags if {"src", "href", "srcset", "action", "style"} & set(at)
    ] == []


def test_where_it_stands_is_one_of_two(small_release):
    with pytest.raises(BadArgumentError, match="where"):
        page_html(small_release, where="cloud")
    assert 'data-where="server"' in page_html(small_release, where="server")


def test_names_cannot_end_the_script(altered, small_release):
    schools = small_release.schools()
    schools.loc[0, "school_name"] = "</script><script>alert(1)</script><!--"
    page = page_html(altered(schools=schools, manifest={"title": "</title><script>x"}))
    assert page.count("</script") == 2
    assert page.count("<script") == 2
    assert "<!--" not in page


def test_the_same_release_gives_the_same_page(small_release, tmp_path):
    path = write_page(small_release, tmp_path / "page.html")
    assert path.read_text(encoding="utf-8") == page_html(small_release)
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]


def test_a_folder_that_is_not_there_is_said(small_release, tmp_path):
    with pytest.raises(DisclosureError, match=r"'page\.html' cannot be written"):
        write_page(small_release, tmp_path / "nowhere" / "page.html")


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_and_can_run_no_text(name):
    text = MODULES[name]
    assert len(text.splitlines()) <= 300
    assert text.startswith("/**")
    said = re.sub(r"/\*.*?\*/|//.*", "", text, flags=re.DOTALL) if name != "dom.js" else text
    for way_in in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(",
                   "fetch(", "XMLHttpRequest", "WebSocket", "import(", "sendBeacon", "localStorage"):  # fmt: skip
        assert way_in not in said, way_in


@pytest.mark.parametrize("name", ["cells.js", "words.js", "state.js", "reach.js", "bars.js", "benchmarks.js",
                                  "surveys.js", "change.js", "pages.js"])  # fmt: skip
def test_the_state_knows_no_document(name):
    code = re.sub(r"/\*.*?\*/", "", MODULES[name], flags=re.DOTALL)
    assert not re.search(r"\b(document|window|location|dom\.js|HTMLElement)\b", code)


@pytest.mark.parametrize("start", ["main", "widget"])
def test_the_joined_modules_are_one_sound_module(start, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node on this machine (CI has it)")
    path = tmp_path / "joined.mjs"
    path.write_text(joined(start), encoding="utf-8")
    ran = subprocess.run([node, "--check", str(path)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert not re.search(r"^import ", joined(start), re.MULTILINE)
