"""Change over waves where schools are few: counts are given where a percentage is not."""

import dataclasses

import pytest

from careerbench.dashboards.page.payload import payload_of

WAVES = ["baseline", "year_1", "year_2"]
SECTION = "return sectionsOf(open, { ...start, view: 'change' })[0];"
WHY = "too few for a percentage (under 10)"


@pytest.fixture(scope="module")
def of_eight(small_pilot):
    """What may be seen of the small study where it has eight schools and no survey."""
    from careerbench.disclosure import build_release

    eight = sorted(small_pilot.schools["school_urn"])[:8]

    def of_them(table):
        return table[table["school_urn"].isin(eight)].reset_index(drop=True)

    tables = {name: of_them(getattr(small_pilot, name)) for name in ("schools", "audits")}
    return build_release(dataclasses.replace(small_pilot, surveys={}, **tables))


def programme(release, item, answer):
    """Return the released counts of schools of one Benchmark, wave by wave."""
    cells = release.cells()
    margins = ["region_name", "la_name", "school_urn"]
    cells = cells[(cells[margins] == "All").all(axis=1) & (cells["topic"] == "benchmarks")]
    cells = cells[(cells["item"] == item) & (cells["answer"] == answer)].set_index("wave")
    return [int(cells.loc[wave, "value"]) for wave in WAVES]


def with_first(release, wave, size=None, achieved=None):
    """Return the release where the first Benchmark has other counts at one wave; none is hidden."""
    cells = release.cells()
    here = (cells[["region_name", "la_name", "school_urn"]] == "All").all(axis=1)
    here &= (cells["topic"] == "benchmarks") & (cells["item"] == "p1") & (cells["wave"] == wave)
    for answer, value in {"All": size, "achieved": achieved}.items():
        at = here & (cells["answer"] == answer)
        assert at.sum() == 1
        cells.loc[at, ["value", "reason"]] = [value, ""] if value is not None else [None, "c"]
    return dataclasses.replace(release, tables={**release.tables, "cells": cells})


def change_of(node, release):
    return node(payload_of(release, step="test"), SECTION)


def test_few_schools_are_counted_in_the_words_the_table_and_the_description(node, of_eight):
    section = change_of(node, of_eight)
    rows = section["picture"]["rows"]
    assert len(rows) == 8
    seen = set()
    for number, (row, told) in enumerate(zip(rows, section["table"]["rows"], strict=True), start=1):
        achieved = programme(of_eight, f"p{number}", "achieved")
        sizes = programme(of_eight, f"p{number}", "All")
        counts = [f"{n} of {size}" for n, size in zip(achieved, sizes, strict=True)]
        assert all(0 < size < 10 for size in sizes)
        assert row["said"] == f"{' → '.join(counts)}, {WHY}"
        assert told["cells"][1::2] == [*(f"{each}, {WHY}" for each in counts), "not shown"]
        assert f"{row['label']}: {', then '.join(counts)}." in section["alt"]
        seen.update(counts)
    assert len(seen) > 3, "the waves and Benchmarks differ"


def test_few_schools_have_no_point_and_one_note_on_why(node, of_eight):
    section = change_of(node, of_eight)
    assert all(
        point["value"] is None for row in section["picture"]["rows"] for point in row["points"]
    )
    assert section["note"].count("A percentage needs at least 10 schools") == 1
    assert "difference of the two percentages" not in section["note"], "there is none to explain"


def test_enough_schools_need_no_note_on_percentages(node, payload):
    section = node(payload, SECTION)
    assert "A percentage needs" not in section["note"]
    assert "difference of the two percentages" in section["note"]
    assert all(" of " not in row["said"] for row in section["picture"]["rows"])
    assert ", then " not in section["alt"]


def test_a_hidden_wave_stays_hidden_beside_the_counts_of_others(node, of_eight):
    section = change_of(node, with_first(of_eight, "baseline"))
    counts = [
        f"{n} of {size}"
        for n, size in zip(
            programme(of_eight, "p1", "achieved"), programme(of_eight, "p1", "All"), strict=True
        )
    ][1:]
    row, told = section["picture"]["rows"][0], section["table"]["rows"][0]["cells"]
    assert row["said"].startswith(
        f"hidden → {counts[0]} → {counts[1]}, {WHY}, n\u00a0=\u00a0hidden,"
    )
    assert told[1:4] == ["hidden", "hidden", f"{counts[0]}, {WHY}"]
    assert f"{row['label']}: hidden, then {counts[0]}, then {counts[1]}." in section["alt"]


def test_a_wave_of_enough_schools_has_its_percentage_beside_the_counts(node, of_eight):
    section = change_of(node, with_first(of_eight, "year_2", size=20, achieved=5))
    [first, second], size = (
        programme(of_eight, "p1", "achieved")[:2],
        programme(of_eight, "p1", "All")[0],
    )
    row = section["picture"]["rows"][0]
    ns = f"n\u00a0=\u00a0{size},\u00a0{size},\u00a020"
    assert row["said"] == f"{first} of {size} → {second} of {size} → 25%, {ns}"
    assert section["table"]["rows"][0]["cells"][5:7] == ["25%", "20"]
    assert section["note"].count("A percentage needs at least 10 schools") == 1
