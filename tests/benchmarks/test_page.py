"""How fast the stakeholders' page opens and draws a slice, beside a seaborn figure. Ratios in one run.

Run with ``uv run pytest tests/benchmarks/test_page.py -s``; the normal test run leaves this folder
out. ``CAREERBENCH_RELEASE`` names a release to take instead of the small one of the tests.
"""

import dataclasses
import importlib.util
import io
import os
import statistics
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

_SPEC = importlib.util.spec_from_file_location(
    "browser_fixtures", Path(__file__).parents[1] / "browser" / "conftest.py"
)
_FIXTURES = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_FIXTURES)
browser, chromium = _FIXTURES.browser, _FIXTURES.chromium

N_SLICES = 60
N_OPENED = 9
OPEN_MS, PAINTED_MS, TIMES_FASTER, LARGEST = 500, 50, 5, 1_000_000
N_SCHOOLS, BIG_PAINTED_MS = 1_000, 100

# a change, and how long until two frames after it
PAINT = """([name, value]) => new Promise((done) => {
  const select = document.querySelector(`select[name="${name}"]`);
  const start = performance.now();
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  const drawn = performance.now();
  requestAnimationFrame(() => requestAnimationFrame(() => done([drawn - start, performance.now() - start])));
})"""


@pytest.fixture(scope="module")
def release(request):
    from careerbench.disclosure import open_release

    named = os.environ.get("CAREERBENCH_RELEASE")
    return open_release(named) if named else request.getfixturevalue("small_release")


@pytest.fixture(scope="module")
def stick(release, tmp_path_factory):
    from careerbench.dashboards.page import write_page

    return write_page(release, tmp_path_factory.mktemp("stick") / "page.html")


def opened(browser, path, address=""):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(path.as_uri() + address)
    page.locator("[data-ready]").wait_for(state="attached")
    return page


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def said(name, times):
    sys.stdout.write(
        f"\n{name}: median {statistics.median(times):.1f} ms, p95 {percentile(times, 0.95):.1f} ms, n {len(times)}\n"
    )


def picks_of(page):
    """List the pickers that leave a choice, with their values."""
    names = page.evaluate(
        "Array.from(document.querySelectorAll('select')).map((s) => [s.name, Array.from(s.options).map((o) => o.value)])"
    )
    return [(name, values) for name, values in names if len(values) > 1]


def test_a_page_from_disk_is_ready_in_half_a_second_and_smaller_than_a_megabyte(browser, stick):
    times = []
    for _ in range(N_OPENED):
        page = opened(browser, stick)
        times.append(float(page.locator("#careerbench").get_attribute("data-ready")))
        page.close()
    said(f"interactive, {stick.stat().st_size:,} bytes", times)
    assert stick.stat().st_size < LARGEST
    assert statistics.median(times) < OPEN_MS


def slices(browser, path, per_view):
    """Time changes on every page: of script alone, and until painted."""
    drawn, painted = [], []
    for view in ("programme", "area", "school", "year", "benchmark", "change", "answers"):
        page = opened(browser, path, f"#view={view}&school=school%3A900001")
        for number in range(per_view):
            picks = picks_of(page)  # a pick may bring other pickers
            name, values = picks[number % len(picks)]
            value = values[(number // len(picks) + 1) % len(values)]
            script, paint = page.evaluate(PAINT, [name, value])
            drawn.append(script)
            painted.append(paint)
        page.close()
    return drawn, painted


def naive(release):
    """Draw the programme's Benchmarks as a notebook would: a seaborn figure into a PNG."""
    import seaborn
    from matplotlib.figure import Figure

    cells = release.cells()
    mine = cells[
        (cells["topic"] == "benchmarks")
        & (cells["region_name"] == "All")
        & (cells["answer"] != "All")
    ]
    times = []
    for number in range(12):
        start = time.perf_counter()
        wave = list(pd.unique(mine["wave"]))[number % mine["wave"].nunique()]
        figure = Figure(figsize=(9, 5))
        seaborn.barplot(
            mine[mine["wave"] == wave], x="value", y="item", hue="answer", ax=figure.add_subplot()
        )
        figure.savefig(io.BytesIO(), format="png", dpi=100)
        times.append(1000 * (time.perf_counter() - start))
    return times[2:]


def test_a_slice_is_painted_within_50_ms_and_far_sooner_than_a_seaborn_figure(
    browser, stick, release
):
    per_view = -(-N_SLICES // 7)
    slices(browser, stick, 2)
    drawn, painted = slices(browser, stick, per_view)
    beside = naive(release)
    said("a slice, script", drawn)
    said("a slice, painted (two frames)", painted)
    said("seaborn into PNG, before any browser", beside)
    sys.stdout.write(
        f"ratio of medians, painted: {statistics.median(beside) / statistics.median(painted):.1f}; script: {statistics.median(beside) / statistics.median(drawn):.1f}\n"
    )
    assert percentile(painted, 0.95) < PAINTED_MS
    assert statistics.median(beside) > TIMES_FASTER * statistics.median(drawn)


def grown(release):
    """A made-up release of a thousand schools: the cells of its schools, again under new numbers."""
    cells, schools = release.cells(), release.schools()
    named = cells[cells["school_urn"] != "All"]
    known = schools[schools["school_urn"].isin(named["school_urn"])]
    rounds = -(-N_SCHOOLS // len(known))
    more_cells, more_schools = [cells], [known]
    for number in range(1, rounds):
        new = {urn: str(int(urn) + 1000 * number) for urn in known["school_urn"]}
        more_cells.append(named.assign(school_urn=named["school_urn"].map(new)))
        more_schools.append(
            known.assign(
                school_urn=known["school_urn"].map(new),
                school_name=known["school_name"] + f" {number}",
            )
        )
    tables = {
        **release.tables,
        "cells": pd.concat(more_cells, ignore_index=True),
        "schools": pd.concat(more_schools, ignore_index=True),
    }
    return dataclasses.replace(release, tables=tables)


def test_a_thousand_schools_stay_usable(browser, release, tmp_path):
    from careerbench.dashboards.page import write_page

    path = write_page(grown(release), tmp_path / "big.html")
    page = opened(browser, path)
    ready = float(page.locator("#careerbench").get_attribute("data-ready"))
    page.close()
    drawn, painted = slices(browser, path, 4)
    said(
        f"a thousand schools, {path.stat().st_size:,} bytes, interactive in {ready:.0f} ms; script",
        drawn,
    )
    said("painted", painted)
    assert statistics.median(painted) < BIG_PAINTED_MS
