"""A sentence for each figure, from its numbers."""

import pandas as pd
import pytest

from careerbench import analysis, plots


@pytest.fixture
def scores():
    return pd.DataFrame(
        {
            "school_urn": ["1", "2"] * 4,
            "wave": ["baseline"] * 4 + ["year 1"] * 4,
            "benchmark": ["p1", "p1", "p2", "p2"] * 2,
            "state": ["partial", "achieved", "partial", "partial", *["achieved"] * 3, "not scored"],
        }
    )


def test_a_profile_in_words(scores):
    one = scores[scores["wave"] == "baseline"]
    assert plots.describe_shares(analysis.achieved_shares(one), labels={"p1": "Plan"}) == (
        "Share of schools achieving each of 2 Benchmarks, baseline, 2 schools scored. Highest is "
        "Plan (wave baseline), at 50% (1 of 2); lowest is p2 (wave baseline), at 0% (0 of 2)."
    )


def test_a_profile_of_nobody_in_words(scores):
    shares = analysis.achieved_shares(scores.assign(state="not scored"))
    assert plots.describe_shares(shares).endswith("no school is scored.")


def test_a_change_in_words(scores):
    found = analysis.change(scores, before="baseline", after="year 1")
    assert plots.describe_change(found) == (
        "Share of the same schools achieving each Benchmark, baseline and year 1, 1 to 2 matched "
        "schools. Of 2 Benchmarks 2 rose, 0 fell and 0 stayed. The largest change is p2, from 0% "
        "to 100% (+100 percentage points)."
    )


def test_a_change_of_nobody_in_words(scores):
    blank = scores.assign(state="not scored")
    found = analysis.change(blank, before="baseline", after="year 1")
    assert plots.describe_change(found).endswith("no school is scored at both.")


def test_a_heat_map_in_words(scores):
    assert plots.describe_heatmap(scores[scores["wave"] == "year 1"]) == (
        "Where 2 schools stand on 2 Benchmarks, year 1: of 4 cells, 3 achieved, 0 partial, "
        "0 not achieved and 1 not scored."
    )


def test_means_of_nobody_in_words():
    nobody = pd.DataFrame({"school_urn": ["a"], "scale": "efficacy", "score": [None]})
    assert plots.describe_scale_means(analysis.scale_means(nobody, by=None)) == (
        "Mean efficacy score of 1 group: no respondent has a score."
    )
