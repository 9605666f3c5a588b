"""Every page by keyboard alone, and as a screen reader is told of it."""

import re

import pytest

VIEWS = {
    "programme": "view=programme",
    "area": "view=area",
    "school": "view=school&school=school%3A900001",
    "year": "view=year",
    "benchmark": "view=benchmark",
    "change": "view=change",
    "answers": "view=answers",
    "not released": "view=answers&place=school%3A900001&t.sex=F&t.year_group=KS1",
    "about": "view=about",
}
LOOK = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  const all = Array.from(document.querySelectorAll("*"));
  return { inline: e.tagName === "A" && !e.closest("nav"), place: all.indexOf(e), outline: s.outlineStyle === "solid" ? parseFloat(s.outlineWidth) : 0,
    width: r.width, height: r.height, seen: r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth };
}"""
REACHABLE = """() => {
  const all = Array.from(document.querySelectorAll("*"));
  return all.filter((e) => e.tabIndex >= 0 && e.checkVisibility() && !e.disabled).map((e) => all.indexOf(e));
}"""


def go(page, address):
    page.evaluate("address => { location.hash = address; }", address)
    page.wait_for_timeout(60)


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("tables", ["folded", "open"])
def test_tab_reaches_everything_once_in_the_order_of_reading_and_leaves_again(
    released, name, tables
):
    go(released, VIEWS[name])
    if tables == "open":
        released.evaluate(
            "document.querySelectorAll('details').forEach((d) => { d.write(); d.open = true; })"
        )
        released.wait_for_timeout(60)
    wanted = released.evaluate(REACHABLE)
    released.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    released.locator("body").evaluate(
        "body => { body.tabIndex = -1; body.focus(); body.removeAttribute('tabindex'); }"
    )
    walked = []
    for _ in range(len(wanted)):
        released.keyboard.press("Tab")
        walked.append(released.evaluate(LOOK))
    assert [look["place"] for look in walked] == wanted
    assert all(look["outline"] >= 2 for look in walked)
    assert all(look["seen"] for look in walked)
    large = [look for look in walked if not look["inline"]]  # links in lines of text may be lower
    assert len(large) >= 8
    assert all(min(look["width"], look["height"]) >= 24 for look in large)
    released.keyboard.press("Tab")
    assert released.evaluate("document.activeElement.tagName") == "BODY"  # not trapped
    released.keyboard.press("Shift+Tab")
    assert released.evaluate(LOOK)["place"] == wanted[-1]


def tree_of(page):
    """Return role and name of everything in the accessibility tree that has a role of its own."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"]
    ]


@pytest.mark.parametrize("name", VIEWS)
def test_every_control_picture_and_landmark_has_a_name(released, name):
    go(released, VIEWS[name])
    tree = tree_of(released)
    named = {"link", "button", "combobox", "image", "img", "table", "region", "form", "navigation", "heading",
             "DisclosureTriangle"}  # fmt: skip
    assert [node for node in tree if node[0] in named and not node[1].strip()] == []
    roles = [role for role, _ in tree]
    assert [roles.count(role) for role in ("main", "navigation", "banner", "contentinfo")] == [
        1
    ] * 4
    assert roles.count("status") == 1
    pickers = [said for role, said in tree if role == "combobox"]
    assert len(set(pickers)) == len(pickers) == released.locator("select").count()
    buttons = [said for role, said in tree if role == "button"]
    assert len(set(buttons)) == len(buttons)  # no two that sound alike
    levels = [int(tag[1]) for tag in released.evaluate(
        "Array.from(document.querySelectorAll('h1, h2, h3, h4')).map((h) => h.tagName)")]  # fmt: skip
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert set(levels[1:]) <= {2}


@pytest.mark.parametrize("name", [name for name in VIEWS if name != "about"])
def test_each_change_is_announced_once_and_says_the_new_choice(released, name):
    go(released, VIEWS[name])
    released.evaluate("""() => {
      window.heard = [];
      const status = document.querySelector('[role=status]');
      new MutationObserver(() => window.heard.push(status.textContent))
        .observe(status, { childList: true, characterData: true, subtree: true });
    }""")
    pickers = released.evaluate(
        "Array.from(document.querySelectorAll('select')).map((s) => s.name)"
    )
    changed = 0
    for picker in pickers:
        select = released.locator(f'select[name="{picker}"]')
        if not select.count():  # another choice has taken it away
            continue
        values = select.evaluate("s => Array.from(s.options).map((o) => [o.value, o.label.trim()])")
        now = select.input_value()
        other = next(((value, label) for value, label in values if value != now), None)
        if other is None:
            continue
        released.evaluate("window.heard = []")
        select.select_option(other[0])
        heard = released.evaluate("new Promise((done) => setTimeout(() => done(window.heard), 0))")
        changed += 1
        assert len(heard) == 1, picker
        assert other[1] in heard[0] or other[0] == "", picker
        assert not re.search("undefined|null|NaN", heard[0])
    assert changed >= 1
