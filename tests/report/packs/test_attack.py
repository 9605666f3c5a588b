"""An attacker who holds every pack, the open data, the page and the release learns no hidden cell.

Two attacks that share no code with the writers. The first puts a marked number behind every hidden
cell: nothing that is written may change. The second reads finished files back and asks of
every figure whether it is a shown cell, or worked out from shown cells, at the place it names.
"""

import io
import json
import re

import pandas as pd
import pytest

from careerbench import report
from careerbench.dashboards.page import page_html
from careerbench.disclosure import Release
from careerbench.errors import DisclosureError
from careerbench.report.packs.content import programme_from, school_from, source_of
from careerbench.report.packs.pdf import _pack_data
from careerbench.report.packs.workbook import workbook

MARK = 777_000
URNS = ("900001", "900003", "900010")


def poisoned(release):
    """The same release with a number behind every hidden cell, one that a reader would know."""
    cells = release.tables["cells"].copy()
    hidden = cells["reason"] == "c"
    assert hidden.sum() > 1000
    cells.loc[hidden, "value"] = [float(MARK + n) for n in range(int(hidden.sum()))]
    return Release(release.manifest, {**release.tables, "cells": cells}, release.fingerprint)


def said_by(release):
    """Everything that the packs of some schools and of the programme say, pictures included."""
    source = source_of(release, step="test")
    packs = [programme_from(source), *(school_from(source, urn) for urn in URNS)]
    return {
        pack.key: json.dumps([_pack_data(pack), pack.trace], ensure_ascii=False) for pack in packs
    }


def test_a_number_behind_a_hidden_cell_changes_nothing_that_a_pack_says_or_draws(saved_release):
    plain, odd = said_by(saved_release), said_by(poisoned(saved_release))
    assert plain == odd
    assert not any(str(MARK // 1000) + "0" in said for said in plain.values())


def test_a_number_behind_a_hidden_cell_changes_nothing_on_the_page(saved_release):
    assert page_html(saved_release) == page_html(poisoned(saved_release))


def test_open_data_which_hold_the_tables_themselves_refuse_a_number_behind_a_hidden_cell(
    saved_release, tmp_path
):
    with pytest.raises(DisclosureError, match="numbers behind hidden cells; nothing is written"):
        report.write_open_data(poisoned(saved_release), tmp_path / "odd")
    assert not (tmp_path / "odd").exists()


def leaves(value):
    """Every number within lists and mappings."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [leaf for each in value for leaf in leaves(each)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def test_every_length_that_a_picture_draws_is_one_of_its_numbers(every_pack):
    n_seen = 0
    for pack in every_pack:
        for chart in pack.charts:
            known = {number.value for number in chart.numbers if number.is_shown}
            drawn = leaves(chart.data)
            assert set(drawn) - known <= {0}, (pack.key, chart.id)
            n_seen += len(drawn)
    assert n_seen > 100


def test_a_picture_and_its_words_say_hidden_as_often_as_its_numbers_are(every_pack):
    for pack in every_pack:
        for chart in (c for c in pack.charts if c.kind == "answers"):
            points = [point for row in chart.data["rows"] for point in row["points"]]
            shown = [point for point in points if point["value"] is not None]
            percents = [n for n in chart.numbers if n.kind == "percent"]
            assert len(shown) == len(percents)
            assert len(re.findall(r"\d+% of ", chart.alt)) == len(percents)


def figures_of(content, key):
    """Read a finished workbook's sheet of origins: printed text, kind, and cells."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    rows = list(book["How_made"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if row[0] == "Table")
    return [(key, *(str(cell) for cell in row)) for row in rows[head + 1 :] if row[0] not in
            (None, "none")]  # fmt: skip


def test_every_origin_that_a_workbook_names_is_a_shown_cell_of_the_place_it_names(
    source, saved_release
):
    cells = saved_release.cells()
    shown = set(cells.index[cells["reason"] == ""])
    n_seen = 0
    for urn in URNS:
        for row in figures_of(workbook(school_from(source, urn)), urn):
            origins = [int(cell) for cell in row[-1].split(", ")]
            assert set(origins) <= shown
            named = set(cells.loc[origins, "school_urn"])
            assert named <= {urn, "All"}
            if row[5] == "the cell" and "." not in row[4]:
                assert float(row[4].replace(",", "")) == cells.loc[origins[0], "value"]
            n_seen += 1
    assert n_seen > 50


@pytest.fixture(scope="module")
def opened(saved_release, tmp_path_factory):
    folder = tmp_path_factory.mktemp("attack") / "open"
    report.write_open_data(saved_release, folder)
    return {
        file.name: pd.read_csv(file, dtype=str, keep_default_na=False)
        for file in folder.glob("*.csv")
        if not file.name.endswith(".meta.csv")
    }


def test_open_data_show_as_many_counts_as_the_release_and_hide_as_many(opened, saved_release):
    """Counting by value catches a figure that slipped in, or one that was shifted."""
    cells = saved_release.cells()
    for topic in cells["topic"].unique():
        if topic == "benchmarks":
            continue
        for grain, is_school in (("areas", False), ("schools", True)):
            mine = cells[(cells["topic"] == topic) & (cells["measure"] == "count")
                         & ((cells["school_urn"] != "All") == is_school)]  # fmt: skip
            if grain == "areas":  # the one region's rows are the programme's, written once
                keys = [n for n in mine if n not in {"value", "reason", "region_name"}]
                mine = mine.sort_values("value", na_position="last").drop_duplicates(keys)
            name = f"{topic}_{grain}.csv"
            if name not in opened:
                assert mine["value"].isna().all()
                continue
            column = opened[name]["respondent_count"]
            counts = column[column.str.fullmatch(r"\d+")].astype(float)
            assert sorted(counts) == sorted(mine["value"].dropna())
            assert (column == "c").sum() == (mine["reason"] == "c").sum()


def test_a_percentage_stands_only_where_count_and_whole_do(opened):
    for name, table in opened.items():
        if "respondent_percent" not in table:
            continue
        numbers = table["respondent_percent"].str.fullmatch(r"[\d.]+")
        assert table.loc[numbers, "respondent_count"].str.fullmatch(r"\d+").all(), name
        assert numbers.any(), name


def test_no_zero_tells_which_state_of_a_school_is_hidden(saved_release, tmp_path):
    """The release writes one state a school and Benchmark; open data fill the others up."""
    cells = saved_release.cells()
    own = (cells["topic"] == "benchmarks") & (cells["school_urn"] == "900001")
    cells.loc[own & (cells["item"] == "p1"), ["value", "reason"]] = [float("nan"), "c"]
    release = Release(saved_release.manifest, {**saved_release.tables, "cells": cells})
    report.write_open_data(release, tmp_path / "open")
    table = pd.read_csv(tmp_path / "open" / "benchmarks_schools.csv", dtype=str)
    name = release.labels().query("dimension == 'item:benchmarks' and code == 'p1'")["label"].item()
    mine = (table["school_urn"] == "900001") & (table["benchmark"] == name)
    assert set(table.loc[mine, "school_count"]) == {"c"}
    others = table.loc[(table["school_urn"] == "900001") & ~mine, "school_count"]
    assert set(others) == {"0", "1"}
