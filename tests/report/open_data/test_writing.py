"""A release as open data passes the publisher's rules, and says nothing the release does not."""

import dataclasses

import pandas as pd
import pytest

from careerbench.cli import main
from careerbench.disclosure import Release
from careerbench.errors import BadArgumentError, DisclosureError
from careerbench.loaders import screen_ees
from careerbench.report import ScreeningError, write_open_data
from careerbench.report.open_data.values import percentages

SYMBOLS = {"z", "x", "c", "low", "u"}


@pytest.fixture(scope="module")
def written(small_release, tmp_path_factory):
    folder = tmp_path_factory.mktemp("open") / "data"
    return write_open_data(small_release, folder)


def read(written, name):
    return pd.read_csv(written.folder / name, dtype="str", keep_default_na=False)


def changed(release, *, manifest=None, **tables):
    """The same release with something of it exchanged."""
    return Release({**release.manifest, **(manifest or {})}, {**release.tables, **tables})


def pairs(written):
    table = written.to_frame()
    return table.loc[table["written"], "file"].tolist()


def test_every_pair_that_is_written_passes_the_screener_without_a_warning(written):
    assert {"benchmarks_areas.csv", "benchmarks_schools.csv", "pupils_areas.csv"} <= set(
        pairs(written)
    )
    for name in pairs(written):
        assert len(screen_ees(written.folder / name)) == 0, name


def test_the_folder_holds_the_pairs_the_cells_and_the_guidance_and_nothing_else(written):
    names = {path.name for path in written.folder.iterdir()}
    expected = {
        *pairs(written), *(name.replace(".csv", ".meta.csv") for name in pairs(written)),
        "cells", "data_guidance.txt",
    }  # fmt: skip
    assert names == expected


def test_a_figure_is_a_number_or_a_symbol_and_never_blank(written):
    for name in pairs(written):
        meta = read(written, name.replace(".csv", ".meta.csv"))
        data = read(written, name)
        for indicator in meta.loc[meta["col_type"] == "Indicator", "col_name"]:
            texts = set(data[indicator]) - SYMBOLS
            assert pd.to_numeric(pd.Series(sorted(texts))).notna().all(), (name, indicator)


def test_what_the_release_hides_is_hidden_and_what_it_shows_is_the_same_number(
    written, small_release
):
    cells = small_release.cells()
    mine = cells[
        (cells["topic"] == "pupils")
        & (cells["measure"] == "count")
        & (cells["school_urn"] != "All")
    ]
    data = read(written, "pupils_schools.csv")
    assert len(data) == len(mine)
    shown = sorted(int(each) for each in data["respondent_count"] if each not in SYMBOLS)
    assert shown == sorted(mine["value"].dropna().astype(int))
    assert (data["respondent_count"] == "c").sum() == (mine["reason"] == "c").sum() > 0


def test_a_percentage_stands_only_where_both_its_counts_are_shown(written):
    data = read(written, "pupils_schools.csv")
    places = [name for name in data.columns if name not in {"answer", "respondent_count",
                                                           "respondent_percent"}]  # fmt: skip
    totals = data[data["answer"] == "Total"].set_index(places)["respondent_count"]
    whole = totals.reindex(pd.MultiIndex.from_frame(data[places])).to_numpy()
    number = ~data["respondent_percent"].isin(SYMBOLS)
    assert number.any()
    assert not data.loc[number, "respondent_count"].isin(SYMBOLS).any()
    assert not pd.Series(whole[number]).isin(SYMBOLS).any()
    hidden = data["respondent_count"].eq("c") | pd.Series(whole).eq("c")
    assert (data.loc[hidden, "respondent_percent"] == "c").all()
    part, of = (
        pd.to_numeric(pd.Series(each)[number]) for each in (data["respondent_count"], whole)
    )
    exact = 100 * part.to_numpy() / of.to_numpy()
    said = pd.to_numeric(data.loc[number, "respondent_percent"]).to_numpy()
    assert abs(exact - said).max() <= 0.5


def test_schools_that_could_not_be_scored_leave_the_denominator_of_a_benchmark(written):
    data = read(written, "benchmarks_areas.csv")
    regional = data[data["geographic_level"] == "Regional"]
    assert (regional.loc[regional["state"] == "Not scored", "school_count"] != "0").any()
    for _, wave in regional.groupby(["time_period", "time_identifier", "benchmark"]):
        count = wave.set_index("state")["school_count"].astype(int)
        percent = wave.set_index("state")["school_percent"]
        scored = count["Total"] - count["Not scored"]
        assert percent["Achieved"] == "low" or int(percent["Achieved"]) == pytest.approx(
            100 * count["Achieved"] / scored, abs=0.5
        )
        assert percent["Total"] == percent["Not scored"] == "z"


def test_each_school_stands_in_exactly_one_state_of_a_benchmark(written):
    data = read(written, "benchmarks_schools.csv")
    keys = ["time_period", "time_identifier", "school_urn", "benchmark"]
    sums = data.assign(n=data["school_count"].astype(int)).groupby(keys)["n"].agg(["sum", "size"])
    assert (sums["sum"] == 1).all()
    assert (sums["size"] == 4).all()


@pytest.mark.parametrize(
    ("part", "whole", "reason", "said"),
    [
        (1.0, 300.0, "", "low"),
        (0.0, 300.0, "", "0"),
        (3.0, 9.0, "", "u"),
        (5.0, 10.0, "", "50"),
        (float("nan"), 10.0, "", "c"),
        (5.0, float("nan"), "", "c"),
        (5.0, float("nan"), "x", "x"),
        (0.0, 0.0, "", "z"),
        (5.0, 10.0, "z", "z"),
        (1.0, 8.0 * 25, "", "1"),
    ],
)
def test_every_symbol_has_its_own_meaning(part, whole, reason, said):
    wholes = pd.DataFrame({"whole": [whole], "reason": [reason]})
    policy = {"least": 10, "decimals": 0}
    assert percentages(pd.Series([part]), wholes, policy=policy).tolist() == [said]


def test_made_up_schools_keep_their_made_up_numbers_and_are_said_to_be_made_up(
    written, small_release
):
    data = read(written, "benchmarks_schools.csv")
    assert set(data["school_urn"]) <= set(small_release.schools()["school_urn"])
    assert (data["school_urn"].astype(int) >= 900_000).all()
    assert set(data["school_laestab"]) == {"x"}
    guidance = (written.folder / "data_guidance.txt").read_text(encoding="utf-8")
    assert "NOT FOR PUBLICATION: 70 schools" in guidance
    assert any("not for publication" in note for note in written.notes)


def test_authorities_have_the_codes_of_the_list_and_an_unknown_one_has_none(
    small_release, tmp_path
):
    cells = small_release.cells()
    renamed = cells.assign(la_name=cells["la_name"].replace("Gateshead", "Nowhere"))
    found = write_open_data(changed(small_release, cells=renamed), tmp_path / "out")
    data = read(found, "benchmarks_areas.csv").drop_duplicates("la_name").set_index("la_name")
    assert tuple(data.loc["County Durham", ["old_la_code", "new_la_code"]]) == ("840", "E06000047")
    assert tuple(data.loc["Nowhere", ["old_la_code", "new_la_code"]]) == ("x", "")
    assert "Nowhere" in (found.folder / "data_guidance.txt").read_text(encoding="utf-8")


def test_a_region_that_is_not_in_england_is_refused_by_name(small_release, tmp_path):
    cells = small_release.cells()
    schools = small_release.schools()
    elsewhere = changed(
        small_release,
        cells=cells.assign(region_name=cells["region_name"].replace("North East", "Narnia")),
        schools=schools.assign(region_name="Narnia"),
    )
    with pytest.raises(DisclosureError, match="'Narnia' is no region"):
        write_open_data(elsewhere, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_programme_in_several_regions_is_national_and_one_in_a_single_region_is_not(
    written, small_release, tmp_path
):
    assert "National" not in set(read(written, "pupils_areas.csv")["geographic_level"])
    schools = small_release.schools()
    schools.loc[0, "region_name"] = "London"
    found = write_open_data(changed(small_release, schools=schools), tmp_path / "out")
    levels = set(read(found, "pupils_areas.csv")["geographic_level"])
    assert levels == {"National", "Regional", "Local authority"}


def test_waves_become_the_terms_in_which_they_lie(written):
    data = read(written, "benchmarks_areas.csv")
    found = set(data[["time_period", "time_identifier"]].itertuples(index=False, name=None))
    assert found == {
        ("201920", "Autumn term"), ("201920", "Summer term"), ("202021", "Summer term"),
    }  # fmt: skip


def test_waves_that_span_terms_become_years_and_a_filter_tells_two_of_one_year_apart(
    small_release, tmp_path
):
    dates = small_release.manifest["wave_dates"]
    longer = {**dates, "baseline": {"opens": "2019-09-16", "closes": "2020-02-01"}}
    release = changed(small_release, manifest={"wave_dates": longer})
    found = write_open_data(release, tmp_path / "out")
    data = read(found, "benchmarks_areas.csv")
    assert set(data["time_identifier"]) == {"Academic year"}
    assert set(data["time_period"]) == {"201920", "202021"}
    assert set(data["wave"]) == {"Baseline", "End of Year 1", "End of Year 2"}
    assert found.problems.n_warnings == 0


def test_a_release_without_dates_needs_the_periods(small_release, tmp_path):
    undated = changed(
        small_release,
        manifest={"wave_dates": {}},
    )
    with pytest.raises(DisclosureError, match="does not say when its waves were"):
        write_open_data(undated, tmp_path / "out")
    given = {"baseline": "2019/20", "year_1": "2020/21", "year_2": "2021/22"}
    found = write_open_data(undated, tmp_path / "out", time_periods=given)
    assert set(read(found, "benchmarks_areas.csv")["time_period"]) == {"201920", "202021", "202122"}
    with pytest.raises(BadArgumentError, match="must name every wave"):
        write_open_data(undated, tmp_path / "other", time_periods={"baseline": "2019/20"})
    mixed = {**given, "year_1": "2020/21 Summer term"}
    with pytest.raises(BadArgumentError, match="mixes terms and whole years"):
        write_open_data(undated, tmp_path / "other", time_periods=mixed)


def test_a_file_that_breaks_a_rule_is_an_error_that_names_it_and_nothing_is_written(
    small_release, tmp_path
):
    labels = small_release.labels()
    first = labels["dimension"] == "item:benchmarks"
    labels.loc[labels.index[first][0], "label"] = "N/A "
    cells = small_release.cells()
    with pytest.raises(ScreeningError, match="white space") as error:
        write_open_data(changed(small_release, labels=labels, cells=cells), tmp_path / "out")
    assert "benchmarks_areas.csv" in str(error.value)
    assert error.value.problems.n_errors
    assert list(tmp_path.iterdir()) == []


def test_rows_that_agree_in_everything_are_caught_before_they_are_written(small_release, tmp_path):
    labels = small_release.labels()
    benchmarks = labels["dimension"] == "item:benchmarks"
    labels.loc[benchmarks, "label"] = ["Same", "Same", *labels.loc[benchmarks, "label"][2:]]
    with pytest.raises(ScreeningError, match="duplicate rows"):
        write_open_data(changed(small_release, labels=labels), tmp_path / "out")


def test_a_file_of_nothing_but_hidden_figures_is_left_out_and_said(small_release, tmp_path):
    cells = small_release.cells()
    schools = (cells["topic"] == "pupils") & (cells["school_urn"] != "All")
    cells["value"] = cells["value"].mask(schools)
    cells["reason"] = cells["reason"].mask(schools, "c")
    found = write_open_data(changed(small_release, cells=cells), tmp_path / "out")
    table = found.to_frame().set_index("file")
    assert not table.loc["pupils_schools.csv", "written"]
    assert not (found.folder / "pupils_schools.csv").exists()
    assert any("pupils_schools.csv" in note for note in found.notes)


def test_the_releases_own_cells_are_there_as_csv_and_parquet(written, small_release):
    cells = small_release.cells()
    parquet = pd.read_parquet(written.folder / "cells" / "cells.parquet")
    pd.testing.assert_frame_equal(parquet, cells, check_dtype=False)
    csv = read(written, "cells/cells.csv")
    assert len(csv) == len(cells)
    assert not csv["value"].eq("").any()
    assert (csv["value"] == "c").sum() == (cells["reason"] == "c").sum()


def test_only_a_release_is_written(small_release, tmp_path):
    with pytest.raises(BadArgumentError, match="only a release"):
        write_open_data(small_release.cells(), tmp_path / "out")


def test_a_folder_with_something_else_in_it_is_never_replaced(small_release, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(BadArgumentError, match="is there already"):
        write_open_data(small_release, folder, force=True)
    assert (folder / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_the_command_writes_says_and_replaces_only_when_told(small_release, tmp_path, capsys):
    copy = Release(dict(small_release.manifest), dict(small_release.tables))
    file = copy.save(tmp_path / "small.release")
    out = tmp_path / "out"
    assert main(["open-data", str(file), "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "passes the screener" in said
    assert "Autumn term, time_period 201920" in said
    assert copy.fingerprint in (out / "data_guidance.txt").read_text(encoding="utf-8")
    assert main(["open-data", str(file), "-o", str(out)]) == 1
    assert "is there already" in capsys.readouterr().err
    (out / "stale.csv").write_text("old", encoding="utf-8")
    assert main(["open-data", str(file), "-o", str(out), "--force"]) == 0
    assert not (out / "stale.csv").exists()
    assert main(["open-data", str(file), "-o", str(tmp_path / "b"), "--period", "baseline"]) == 1


def test_a_release_says_when_its_waves_were(small_release, small_pilot):
    dates = small_release.manifest["wave_dates"]
    assert dates["baseline"] == {"opens": "2019-09-16", "closes": "2019-12-31"}
    assert list(dates) == list(small_release.manifest["waves"])
    later = dataclasses.replace(small_pilot.waves[0], id="later")
    assert later.opens.isoformat() == dates["baseline"]["opens"]


def test_a_place_that_cannot_be_written_to_is_refused_in_words(
    small_release, tmp_path, monkeypatch
):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryDirectory", refuse)
    with pytest.raises(BadArgumentError, match="cannot be written") as refused:
        write_open_data(small_release, tmp_path / "open")
    assert refused.value.found == "Permission denied"
