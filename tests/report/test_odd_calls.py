"""Whatever is given to what makes and reads a release, the answer is a message and no half file."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from careerbench import disclosure, plots, report
from careerbench.errors import CareerBenchError

NO_PATHS = [None, 5, b"x", [], "", "a\0b", pd.DataFrame(), np.nan]
NO_STUDIES = [None, 5, "folder", [], pd.DataFrame()]


def refused(call, match):
    """The call ends with a message of three parts."""
    with pytest.raises(CareerBenchError, match=match) as refusal:
        call()
    assert refusal.value.found
    assert refusal.value.hint


@pytest.mark.parametrize("path", NO_PATHS, ids=repr)
def test_what_is_no_path_is_refused_and_nothing_is_written(
    small_release, path, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    needed = "a path is needed"
    refused(lambda: disclosure.open_release(path), f"open_release: {needed}")
    refused(lambda: replace(small_release).save(path), f"Release.save: {needed}")
    refused(lambda: report.write_open_data(small_release, path), needed)
    saved = disclosure.open_release(replace(small_release).save("a.release"))
    refused(lambda: report.write_packs(saved, path), f"write_packs: {needed}")
    assert [each.name for each in tmp_path.iterdir()] == ["a.release"]


@pytest.mark.parametrize("study", NO_STUDIES, ids=repr)
def test_no_release_is_built_of_what_is_no_study(study):
    refused(lambda: disclosure.build_release(study), "build_release: a study is needed")


@pytest.mark.parametrize("against", [5, "x", [None], ["a.release"], pd.DataFrame()], ids=repr)
def test_no_release_is_built_against_what_is_no_release(small_pilot, against):
    refused(lambda: disclosure.build_release(small_pilot, against=against), "against must")


@pytest.mark.parametrize("policy", [5, "", [], pd.DataFrame()], ids=repr)
def test_no_release_is_built_by_what_is_no_policy(small_pilot, policy):
    refused(lambda: disclosure.build_release(small_pilot, policy), "policy")


@pytest.mark.parametrize("entry", ["surveys", "characteristics"])
@pytest.mark.parametrize("value", [5, "pupils", b"x", {"a": 1}], ids=repr)
def test_a_plan_takes_lists_of_names(small_pilot, entry, value):
    refused(lambda: small_pilot.with_release(**{entry: value}), f"{entry} must be a list")


@pytest.mark.parametrize("cell", [None, 5, b"x", "topic", ["topic", "item", "wave"]], ids=repr)
def test_a_figure_is_looked_up_by_a_mapping(small_release, cell):
    refused(lambda: report.how_made(small_release, cell), "cell must be a mapping")


@pytest.mark.parametrize("results", [None, 5, "x", b"x", pd.DataFrame()], ids=repr)
def test_a_forest_is_drawn_of_results(results):
    refused(lambda: plots.plot_forest(results), "plot_forest")
    refused(lambda: plots.describe_forest(results), "describe_forest")


@pytest.mark.parametrize("by", [None, 5, [None], [5], [["sex", None]], pd.DataFrame()], ids=repr)
def test_a_table_of_counts_is_protected_by_names_of_columns(by):
    table = pd.DataFrame({"sex": ["F", "M"], "n": [7, 90]})
    refused(lambda: disclosure.protect(table, by=by), "protect: ")
    refused(lambda: disclosure.audit(table, by=by), "audit: ")
