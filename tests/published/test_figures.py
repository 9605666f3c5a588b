"""The library's arithmetic against figures that others published."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from careerbench import analysis, scoring

FIGURES = tomllib.loads(Path(__file__).with_name("figures.toml").read_text(encoding="utf-8"))
DISPLAYED = [
    (part["rounding"], *numbers) for part in FIGURES["displayed"] for numbers in part["shown"]
]
N = 1000


def schools_at(published):
    """A thousand made-up schools that stand as the published percentages say."""
    rows = []
    states = zip(published["full"], published["partial"], published["not_achieved"], strict=True)
    for number, (full, partial, _) in enumerate(states, start=1):
        n_full, n_partial = round(full * N / 100), round(partial * N / 100)
        words = ["achieved"] * n_full + ["partial"] * n_partial
        words = (words + ["not achieved"] * N)[:N]
        rows += [(str(school), f"g{number}", word) for school, word in enumerate(words)]
    scores = pd.DataFrame(rows, columns=["school_urn", "benchmark", "state"])
    return scores.assign(wave="published")


@pytest.mark.parametrize("published", FIGURES["states"], ids=lambda part: part["title"])
def test_the_mean_number_achieved_is_the_sum_of_the_full_rates(published):
    scores = schools_at(published)
    shares = analysis.achieved_shares(scores).to_frame()
    mean = (scores["state"] == "achieved").groupby(scores["school_urn"]).sum().mean()
    assert shares["share"].sum() == pytest.approx(mean)
    assert shares["share"].sum() == pytest.approx(published["mean"], abs=published["within"])
    assert shares["share"].tolist() == pytest.approx([full / 100 for full in published["full"]])


def test_the_sum_of_rates_is_no_mean_once_a_school_is_not_scored_everywhere():
    scores = schools_at(FIGURES["states"][0])
    hidden = (scores["benchmark"] == "g1") & (scores["state"] == "not achieved")
    scores.loc[hidden, "state"] = "not scored"
    shares = analysis.achieved_shares(scores).to_frame()
    mean = (scores["state"] == "achieved").groupby(scores["school_urn"]).sum().mean()
    assert shares["share"].sum() > mean + 0.001


@pytest.mark.parametrize("published", FIGURES["states"], ids=lambda part: part["title"])
def test_the_published_states_of_each_benchmark_sum_to_a_hundred(published):
    states = zip(published["full"], published["partial"], published["not_achieved"], strict=True)
    assert all(sum(row) == pytest.approx(100, abs=1.0001) for row in states)


def test_repeaters_and_the_rest_make_the_published_mean():
    said = FIGURES["repeaters"]
    n_others = said["n_all"] - said["n_repeaters"]
    total = said["n_repeaters"] * said["mean_repeaters"] + n_others * said["mean_others"]
    assert total / said["n_all"] == pytest.approx(said["mean_all"], abs=0.0005)


@pytest.mark.parametrize(("rounding", "met", "of", "percent"), DISPLAYED)
def test_a_percentage_is_displayed_as_it_was_published(rounding, met, of, percent):
    assert scoring.show_percent(met / of, rounding) == f"{percent}%"


def test_every_whole_percentage_shows_itself_whichever_way_it_is_rounded():
    for percent in range(101):
        for share in (percent / 100, percent * 0.01 if percent != 58 else 0.58):
            shown = scoring.show_percent(round(share, 9), "truncate")
            assert shown == scoring.show_percent(round(share, 9)) == f"{percent}%"
