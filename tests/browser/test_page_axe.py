"""axe-core finds no violation on any page or state of the stakeholders' page.

``CAREERBENCH_AXE`` names the file ``axe.min.js``; CI installs axe-core outside the repository and
requires it (``CAREERBENCH_REQUIRE_BROWSER=1``).
"""

import pytest

STATES = {
    "programme": "view=programme",
    "my school": "view=programme&school=school%3A900001",
    "area": "view=area&area=la_name%3ASunderland&school=school%3A900001",
    "no school": "view=school",
    "school with hidden figures": "view=school&school=school%3A900001",
    "school without pupils' answers": "view=school&school=school%3A900060",
    "year groups": "view=year&t.sex=F",
    "benchmark": "view=benchmark&benchmark=p5&sheet=2",
    "change": "view=change",
    "change for pupils": "view=change&what=pupils&place=la_name%3AGateshead",
    "change with one wave": "view=change&from=baseline&to=baseline",
    "answers": "view=answers",
    "answers by place": "view=answers&by=place&school=school%3A900001",
    "a mean": "view=answers&question=pupil-careers",
    "not released": "view=answers&place=school%3A900001&t.sex=F&t.year_group=KS1",
    "about": "view=about",
    "a forged address": "view=nothing",
}


@pytest.fixture(scope="module")
def checked(browser, stick, axe, violations):
    """Return one page for all states, and a function that lists axe's violations in it as it stands."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(stick)
    page.locator("[data-ready]").wait_for(state="attached")
    page.evaluate(axe)

    yield page, lambda: violations(page)
    page.close()


@pytest.mark.parametrize("name", STATES)
def test_no_page_or_state_has_a_violation(checked, name):
    page, check = checked
    page.evaluate("address => { location.hash = address; }", STATES[name])
    page.wait_for_timeout(50)
    assert check() == []
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.wait_for_timeout(50)
    assert check() == []
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = false; })")


def test_a_narrow_page_has_no_violation(checked):
    page, check = checked
    page.set_viewport_size({"width": 320, "height": 640})
    for address in ("view=area&school=school%3A900001", "view=answers", "view=change"):
        page.evaluate("address => { location.hash = address; }", address)
        page.wait_for_timeout(80)
        assert check() == []


def test_the_check_finds_what_is_wrong(checked):
    page, check = checked
    page.evaluate("document.querySelector('label').remove()")
    assert "select-name" in {found for found, *_ in check()}
