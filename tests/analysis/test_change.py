"""Before and after: the same schools and all schools."""

import pandas as pd
import pytest

from careerbench.analysis import change
from careerbench.errors import BadArgumentError, FrameworkError, MissingColumnsError

ENDS = {"before": "baseline", "after": "year 1"}


def made(moves, benchmark="p1"):
    """Make scores from (how many schools, achieved before, achieved after); None is no row."""
    rows, urn = [], 0
    for n, *ends in moves:
        for _ in range(n):
            urn += 1
            rows += [
                (str(urn), wave, benchmark, "achieved" if end else "partial")
                for wave, end in zip(ENDS.values(), ends, strict=True)
                if end is not None
            ]
    return pd.DataFrame(rows, columns=["school_urn", "wave", "benchmark", "state"])


PAIRS = [(3, True, True), (4, False, True), (1, True, False), (4, False, False)]
LEAVERS = [(1, True, None), (3, False, None)]
JOINERS = [(2, None, True), (1, None, False)]


def first_row(scores, **options):
    return change(scores, **ENDS, **options).to_frame().iloc[0]


def test_every_school_is_counted_once_at_each_end():
    row = first_row(made(PAIRS + LEAVERS + JOINERS))
    counted = [f"n_{name}" for name in ("before", "after", "pairs", "only_before", "only_after")]
    assert row[counted].tolist() == [16, 15, 12, 4, 3]
    assert row[["n_kept", "n_gained", "n_lost", "n_neither"]].tolist() == [3, 4, 1, 4]


def test_all_schools_and_the_same_schools_stand_side_by_side():
    row = first_row(made(PAIRS + LEAVERS + JOINERS))
    assert row[["share_before", "share_after"]].tolist() == pytest.approx([5 / 16, 9 / 15])
    assert row["change_pp"] == pytest.approx(28.75)
    assert row["matched_change_pp"] == pytest.approx(25.0)


def test_schools_that_overlap_in_part_are_correlated_in_part():
    # R 4.2.2, written out in references.R, with phi * 12 / sqrt(16 * 15) in place of phi:
    # phi 0.05976143047, correlation 0.04629100499, -0.0480980861 to 0.5457724931
    row = first_row(made(PAIRS + LEAVERS + JOINERS))
    assert row[["low_pp", "high_pp"]].tolist() == pytest.approx([-4.80980861, 54.57724931])


def test_with_no_leavers_both_intervals_are_the_paired_one():
    # Altman et al. (2000), table 6.2; figures from R, see test_intervals.
    row = first_row(made([(14, True, True), (5, False, True), (22, False, False)]))
    expected = pytest.approx([1.148324138, 22.64926844])
    assert row[["low_pp", "high_pp"]].tolist() == expected
    assert row[["matched_low_pp", "matched_high_pp"]].tolist() == expected


def test_with_no_school_at_both_ends_only_all_schools_can_be_compared():
    # Newcombe (1998), Statistics in Medicine 17: 873-890, method 10: 56/70 - 48/80.
    row = first_row(
        made([(48, True, None), (32, False, None), (56, None, True), (14, None, False)])
    )
    assert row[["low_pp", "high_pp"]].tolist() == pytest.approx([5.24, 33.39], abs=5e-3)
    matched = ["matched_share_before", "matched_change_pp", "matched_low_pp", "p_mcnemar"]
    assert row[matched].isna().all()
    assert row["n_pairs"] == 0


@pytest.mark.parametrize(
    ("n_gained", "n_lost", "p"),
    [
        (86, 150, 3.71593614e-05),  # Agresti (1990), p. 350; R: binom.test(86, 236)
        (21, 9, 0.04277394526),  # R: binom.test(9, 30)
        (5, 0, 0.0625),
        (3, 3, 1.0),
        (0, 0, 1.0),
    ],
)
def test_mcnemar_is_exact(n_gained, n_lost, p):
    row = first_row(made([(2, True, True), (n_gained, False, True), (n_lost, True, False)]))
    assert row["p_mcnemar"] == pytest.approx(p)


def test_tests_of_one_group_are_corrected_by_holm():
    # R: p.adjust(c(0.0625, 0.00390625, 1), "holm") is 0.125 0.01171875 1
    moves = {"p1": (5, False, True), "p2": (9, False, True), "p3": (4, True, True)}
    scores = pd.concat([made([move], name) for name, move in moves.items()])
    table = change(scores, **ENDS).to_frame()
    assert table["p_mcnemar"].tolist() == pytest.approx([0.0625, 0.00390625, 1])
    assert table["p_adjusted"].tolist() == pytest.approx([0.125, 0.01171875, 1])


def test_each_group_is_a_family_of_its_own():
    north = made([(5, False, True)]).assign(la_name="North")
    south = made([(9, False, True)]).assign(la_name="South")
    south["school_urn"] = "s" + south["school_urn"]
    table = change(pd.concat([north, south]), **ENDS, by="la_name").to_frame()
    assert table["la_name"].tolist() == ["North", "South"]
    assert table["p_adjusted"].tolist() == table["p_mcnemar"].tolist()


def test_a_school_not_scored_at_one_end_is_no_pair():
    scores = made([(3, False, True)])
    scores.loc[scores["wave"].eq("year 1") & scores["school_urn"].eq("1"), "state"] = "not scored"
    scores.loc[scores["school_urn"].eq("2"), "state"] = "not scored"
    row = first_row(scores)
    counted = ["n_before", "n_after", "n_pairs", "n_only_before", "n_unscored"]
    assert row[counted].tolist() == [2, 1, 1, 1, 1]


def test_where_nothing_is_scored_every_number_is_blank():
    row = first_row(made([(2, True, True)]).assign(state="not scored"))
    assert row[["n_before", "n_pairs", "n_unscored"]].tolist() == [0, 0, 2]
    assert row[["share_before", "change_pp", "low_pp", "p_mcnemar", "p_adjusted"]].isna().all()


def test_a_third_wave_changes_nothing():
    scores = made(PAIRS)
    third = scores[scores["wave"] == "baseline"].assign(wave="year 2", framework="other")
    pd.testing.assert_series_equal(first_row(pd.concat([scores, third])), first_row(scores))


def test_an_unknown_wave_is_refused_with_the_one_that_was_meant():
    with pytest.raises(BadArgumentError) as error:
        change(made(PAIRS), before="basline", after="year 1")
    assert str(error.value) == (
        "change: before has no value 'basline'.\n"
        "  found: 'basline'\n"
        "  try:   did you mean 'baseline'?"
    )


def test_a_wave_that_is_only_a_category_has_no_schools():
    order = pd.CategoricalDtype(["baseline", "year 1"])
    row = first_row(made([(2, True, None)]).astype({"wave": order}))
    assert row[["n_before", "n_after", "n_only_before"]].tolist() == [2, 0, 2]
    assert row[["share_after", "change_pp", "low_pp", "high_pp"]].isna().all()


def test_a_wave_is_not_compared_with_itself():
    with pytest.raises(BadArgumentError, match="before and after are the same wave"):
        change(made(PAIRS), before="baseline", after="baseline")


def test_two_framework_editions_need_a_crosswalk():
    scores = made(PAIRS)
    edition = scores["wave"].map({"baseline": "gatsby_2014", "year 1": "gatsby_2025"})
    with pytest.raises(FrameworkError) as error:
        change(scores.assign(framework=edition), **ENDS)
    assert str(error.value) == (
        "change: the two waves were scored under 2 framework editions; without a declared "
        "crosswalk their difference means nothing.\n"
        "  found: 'gatsby_2014', 'gatsby_2025'\n"
        "  try:   scoring.bridge(before_audits, after_audits, crosswalk).scores"
    )


def test_scores_without_waves_are_refused():
    with pytest.raises(MissingColumnsError, match="has no column 'wave'"):
        change(made(PAIRS).drop(columns="wave"), **ENDS)


def test_a_change_never_calls_itself_an_effect():
    found = change(made(PAIRS + LEAVERS), **ENDS)
    said = " ".join(found.notes).casefold()
    assert "effect" not in said
    assert "impact" not in said
    assert "regression to the mean" in said
    assert "no comparison group" in said
    assert "scored only at 'baseline': 4" in said
    assert "+25.0" in found._repr_html_()
