"""A pair that we wrote, with one thing broken in it, does not pass the publisher's rules."""

import csv
import dataclasses

import pytest

from careerbench.disclosure import Release
from careerbench.loaders import screen_ees
from careerbench.report import write_open_data


@pytest.fixture(scope="module")
def pair(small_release, tmp_path_factory):
    """The rows of a pair as written: data and metadata, headings first."""
    folder = tmp_path_factory.mktemp("broken") / "open"
    write_open_data(small_release, folder)

    def rows(name):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    return rows("pupils_areas.csv"), rows("pupils_areas.meta.csv")


def screened(tmp_path, data, meta, name="pupils_areas"):
    for rows, ending in ((data, ".csv"), (meta, ".meta.csv")):
        with (tmp_path / f"{name}{ending}").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return screen_ees(tmp_path / f"{name}.csv")


def put(column, text, row=1):
    """Write a text into a column of the data, in one row or (None) in all."""

    def change(data, meta):
        place = data[0].index(column)
        for each in data[1:] if row is None else [data[row]]:
            each[place] = text

    return change


def say(name, column, text):
    """Write a text into the metadata of a column."""

    def change(data, meta):
        row = next(row for row in meta[1:] if row[meta[0].index("col_name")] == name)
        row[meta[0].index(column)] = text

    return change


def drop(column):
    def change(data, meta):
        place = data[0].index(column)
        for row in data:
            del row[place]

    return change


def twice(data, meta):
    data.append(list(data[1]))


def without_metadata_of_question(data, meta):
    meta[:] = [row for row in meta if row[meta[0].index("col_name")] != "question"]


def same_name_twice(data, meta):
    data[0][-1] = data[0][-2]


def blank_row(data, meta):
    data.append([""] * len(data[0]))


def no_meta_heading(data, meta):
    place = meta[0].index("indicator_dp")
    for row in meta:
        del row[place]


def other_years(data, meta):
    """The file as written has terms, so that a whole year does not belong."""
    assert data[1][data[0].index("time_identifier")].endswith(" term")
    put("time_identifier", "Academic year")(data, meta)


BROKEN = {
    "a period that is no year": put("time_period", "2019/20"),
    "years that do not follow each other": put("time_period", "201921"),
    "a whole year among terms": other_years,
    "a level that there is not": put("geographic_level", "Borough"),
    "a country under another code": put("country_code", "E92000002"),
    "a region under another code": put("region_code", "E12000009"),
    "no column of levels": drop("geographic_level"),
    "no column that the metadata names": drop("respondent_percent"),
    "a filter that the metadata do not name": without_metadata_of_question,
    "one name for two columns": same_name_twice,
    "a row that stands twice": twice,
    "a row without anything": blank_row,
    "a blank figure": put("respondent_count", ""),
    "a symbol that there is not": put("respondent_count", "n/a"),
    "an indicator called a filter of one kind": say("respondent_count", "col_type", "Measure"),
    "an indicator without a label": say("respondent_count", "label", ""),
    "a unit that there is not": say("respondent_percent", "indicator_unit", "per cent"),
    "decimals that are no number": say("respondent_percent", "indicator_dp", "one"),
    "no column of decimals": no_meta_heading,
    "a hint of an indicator": say("respondent_count", "filter_hint", "how many"),
}


def test_the_pair_as_written_has_no_fault(pair, tmp_path):
    data, meta = pair
    assert len(screened(tmp_path, data, meta)) == 0


@pytest.mark.parametrize("fault", BROKEN)
def test_one_thing_broken_is_refused(pair, tmp_path, fault):
    data, meta = ([list(row) for row in rows] for rows in pair)
    BROKEN[fault](data, meta)
    found = screened(tmp_path, data, meta)
    assert found.n_errors > 0, found.table


def test_two_waves_in_one_year_are_told_apart_by_a_filter(small_release, tmp_path):
    waves = list(small_release.manifest["waves"])
    periods = dict.fromkeys(waves, "2019/20")
    found = write_open_data(small_release, tmp_path / "open", time_periods=periods)
    assert found.problems.n_errors == 0
    assert "wave" in (tmp_path / "open" / "pupils_areas.csv").read_text("utf-8").split("\n")[0]


def test_a_study_of_one_wave_and_one_place_has_no_filter_of_waves(small_release, tmp_path):
    wave, *others = list(small_release.manifest["waves"])
    cells = small_release.cells()
    release = Release(
        {**small_release.manifest, "waves": {wave: small_release.manifest["waves"][wave]}},
        {**small_release.tables, "cells": cells[cells["wave"] == wave].reset_index(drop=True)},
    )
    found = write_open_data(release, tmp_path / "open")
    assert found.problems.n_errors == 0
    head = (tmp_path / "open" / "pupils_areas.csv").read_text("utf-8").split("\n")[0]
    assert others
    assert "wave" not in head


def test_a_release_that_shows_nothing_writes_no_pair_and_says_which(small_release, tmp_path):
    cells = small_release.cells().assign(value=float("nan"), reason="c")
    release = dataclasses.replace(small_release, tables={**small_release.tables, "cells": cells})
    found = write_open_data(release, tmp_path / "open")
    assert not found.to_frame()["written"].any()
    assert "Not written, because every figure in it is hidden: " in " ".join(found.notes)


@pytest.mark.parametrize("name", ['=1+1, "Quay"', "<b>&'", "\u05d1\u05d9\u05ea", "St Mary \u4e2d"])
def test_a_strange_name_of_a_school_stands_in_open_data_as_it_is(small_release, tmp_path, name):
    schools = small_release.schools()
    schools.loc[schools["school_urn"] == "900001", "school_name"] = name
    release = dataclasses.replace(
        small_release, tables={**small_release.tables, "schools": schools}
    )
    found = write_open_data(release, tmp_path / "open")
    assert found.problems.n_errors == 0
    with (tmp_path / "open" / "pupils_schools.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["school_name"] for row in rows if row["school_urn"] == "900001"} == {name}
