"""What is shown on screen, and who assessed."""

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from careerbench import analysis, frameworks, scoring
from careerbench.errors import CareerBenchError
from careerbench.result import show
from careerbench.scoring.raters import refuse_mixed


@pytest.mark.parametrize(
    ("share", "rounding", "shown"),
    [
        (0.58, "truncate", "58%"),
        (0.29, "truncate", "29%"),
        (np.float32(0.58), "truncate", "58%"),
        (2 / 3, "truncate", "66%"),
        (2 / 3, "half_up", "67%"),
        (0.125, "half_up", "13%"),
        (1, "half_up", "100%"),
        (0, "truncate", "0%"),
        (0.999, "truncate", "99%"),
        (None, "half_up", ""),
        (float("nan"), "truncate", ""),
        (pd.NA, "half_up", ""),
    ],
)
def test_a_share_is_shown_as_its_publisher_rounds(share, rounding, shown):
    assert scoring.show_percent(share, rounding) == shown


def test_places_are_kept_when_asked_for():
    assert scoring.show_percent(2 / 3, "truncate", places=1) == "66.6%"


@pytest.mark.parametrize("share", [1.2, -0.1, 87, "0.5", True, float("inf")])
def test_what_is_no_share_is_not_shown_as_one(share):
    with pytest.raises(CareerBenchError, match="a share must be a number from 0 to 1"):
        scoring.show_percent(share)


def test_an_unknown_rounding_is_named():
    with pytest.raises(CareerBenchError, match="did you mean 'truncate'"):
        scoring.show_percent(0.5, "truncated")


def test_a_result_shows_halves_up_and_can_cut_off():
    assert show(0.875, ".0%") == "88%"
    assert show(0.875, ".0%", rounding="truncate") == "87%"
    assert show(-0.005, "+.1f", rounding="truncate") == "0.0"


@pytest.fixture
def primary():
    return frameworks.load_framework("ne-primary-2019")


@pytest.fixture
def audits():
    """Two schools rate themselves; a moderator looks at one of them and finds less."""
    rows = [
        ("900001", "self", "p2_pupils", "all"), ("900001", "self", "p2_parents", "in_place"),
        ("900002", "self", "p2_pupils", "all"), ("900002", "self", "p2_parents", "in_place"),
        ("900001", "moderated", "p2_pupils", "some"),
        ("900001", "moderated", "p2_parents", "in_place"),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["school_urn", "rater", "item", "answer"])
    return frame.assign(wave="baseline")


@pytest.mark.parametrize("score", [scoring.score_benchmarks, scoring.score_criteria])
def test_two_raters_are_never_scored_together(primary, audits, score):
    with pytest.raises(CareerBenchError) as caught:
        score(audits, primary)
    assert str(caught.value) == (
        f"{score.__name__}: the audits hold 2 kinds of rater, which are never mixed.\n"
        "  found: 'moderated', 'self'\n"
        "  try:   audits of one rater, or scoring.score_by_rater(audits, framework)"
    )


def test_a_lazy_table_of_two_raters_is_told_apart_as_well(audits):
    lazy = nw.from_native(pl.from_pandas(audits).lazy())
    with pytest.raises(CareerBenchError, match="2 kinds of rater"):
        refuse_mixed(lazy, step="score_benchmarks")
    refuse_mixed(lazy.filter(nw.col("rater") == "self"), step="score_benchmarks")


def test_an_audit_of_nobody_knows_whom_is_not_mixed_with_a_named_raters(primary, audits):
    blank = audits.assign(rater=audits["rater"].where(audits["rater"] == "self"))
    with pytest.raises(CareerBenchError, match=r"'\(blank\)', 'self'"):
        scoring.score_benchmarks(blank, primary)


def test_planned_and_delivered_are_never_scored_together(primary, audits):
    mine = audits[audits["rater"] == "self"]
    mixed = mine.assign(basis=["planned", "delivered"] * 2)
    with pytest.raises(CareerBenchError, match="2 kinds of basis"):
        scoring.score_benchmarks(mixed, primary)
    one = scoring.score_benchmarks(mine.assign(basis="planned"), primary)
    pd.testing.assert_frame_equal(one, scoring.score_benchmarks(mine, primary))


def p2(scores):
    mine = scores[scores["benchmark"] == "p2"]
    return mine[["rater", "school_urn", "state"]].to_numpy().tolist()


EXPECTED = [
    ["self", "900001", "achieved"], ["self", "900002", "achieved"],
    ["moderated", "900001", "partial"],
]  # fmt: skip


def test_each_rater_is_scored_apart(primary, audits):
    scores = scoring.score_by_rater(audits, primary)
    assert p2(scores) == EXPECTED
    assert scores.index.tolist() == list(range(len(scores)))


def test_raters_are_scored_apart_on_polars(primary, audits):
    scores = scoring.score_by_rater(pl.from_pandas(audits), primary)
    assert isinstance(scores, pl.DataFrame)
    assert p2(scores.to_pandas()) == EXPECTED


def test_a_rater_and_a_basis_are_both_kept_apart(primary, audits):
    both = audits.assign(basis=["planned", "planned", "planned", "planned", None, None])
    scores = scoring.score_by_rater(both, primary)
    pairs = scores[["rater", "basis"]].drop_duplicates().astype(object)
    assert pairs.where(pairs.notna(), None).to_numpy().tolist() == [
        ["self", "planned"], ["moderated", None],
    ]  # fmt: skip


def test_scores_of_two_raters_do_not_pass_for_one_in_an_analysis(primary, audits):
    with pytest.raises(CareerBenchError, match="repeat another"):
        analysis.achieved_shares(scoring.score_by_rater(audits, primary))


def test_audits_that_name_no_rater_are_not_scored_by_rater(primary, audits):
    with pytest.raises(CareerBenchError, match="neither who assessed"):
        scoring.score_by_rater(audits.drop(columns="rater"), primary)


def test_a_lazy_table_of_several_raters_is_refused(primary, audits):
    with pytest.raises(CareerBenchError, match="does not say who its raters are"):
        scoring.score_by_rater(pl.from_pandas(audits).lazy(), primary)


def test_two_raters_stand_side_by_side(primary, audits):
    scores = scoring.score_by_rater(audits, primary)
    own, other = (scores[scores["rater"] == rater] for rater in ("self", "moderated"))
    found = scoring.beside(own, other)
    table = found.to_frame().query("benchmark == 'p2'")
    columns = ["school_urn", "state_self", "n_met_self", "n_met_moderated", "comparison"]
    assert table[columns].astype(object).where(table[columns].notna(), None).to_numpy().tolist() == [
        ["900001", "achieved", 2, 1, "first higher"],
        ["900002", "achieved", 2, None, "only one scored"],
    ]  # fmt: skip
    counts = found.by_benchmark().set_index("benchmark").loc["p2"]
    assert counts[["n_both", "n_same", "n_first_higher", "n_one_only"]].tolist() == [1, 0, 1, 1]
    assert counts["share_same"] == 0
    assert len(found) == 16


def test_what_neither_rater_could_score_is_no_agreement(primary, audits):
    scores = scoring.score_by_rater(audits, primary)
    own, other = (scores[scores["rater"] == rater] for rater in ("self", "moderated"))
    counts = scoring.beside(own, other).by_benchmark().set_index("benchmark")
    assert counts.loc["p1", "n_both"] == counts.loc["p1", "n_same"] == 0
    assert pd.isna(counts.loc["p1", "share_same"])


def test_tables_that_cannot_stand_side_by_side_are_refused(primary, audits):
    scores = scoring.score_by_rater(audits, primary)
    own = scores[scores["rater"] == "self"]
    with pytest.raises(CareerBenchError, match="repeat a school, wave and Benchmark"):
        scoring.beside(scores, own)
    with pytest.raises(CareerBenchError, match="different framework editions"):
        scoring.beside(own, own.assign(framework="gatsby-2025"))
    with pytest.raises(CareerBenchError, match="two different words"):
        scoring.beside(own, own, names=("self", "self"))
    with pytest.raises(CareerBenchError, match="no column 'state'"):
        scoring.beside(own, own.drop(columns="state"))


def test_every_result_shows_itself_with_its_notes(primary, audits):
    own = audits[audits["rater"] == "self"]
    scores, criteria = scoring.score_benchmarks(own, primary), scoring.score_criteria(own, primary)
    diary = pd.DataFrame({"school_urn": ["900001"], "wave": "baseline", "year_group": None})
    counted = scoring.count_encounters(diary.assign(activity="employer talk"))
    found = scoring.holding_back(criteria)
    results = [
        found, found.by_criterion(), scoring.cheapest_path(own, primary), counted,
        scoring.beside(scores, scores), scoring.compare_with_claims(counted, scores),
    ]  # fmt: skip
    for result in results:
        shown = result._repr_html_()
        assert result.caption in shown
        assert all(note in shown for note in result.notes)
        assert set(result.counts) <= set(result.table.columns)
        below = {column for columns in result.counts.values() for column in columns}
        assert below <= set(result.table.columns)
