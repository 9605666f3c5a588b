"""The same schools over three waves: figures from R stand in references.R."""

import pandas as pd
import pytest

from careerbench.analysis import cochran_waves, friedman_waves
from careerbench.errors import BadArgumentError, FrameworkError, TableProblemsError

WAVES = ["baseline", "year 1", "year 2"]
# Hollander and Wolfe (1973), p. 140: three ways of rounding first base, 22 players
TIMES = [
    (5.40, 5.50, 5.55), (5.85, 5.70, 5.75), (5.20, 5.60, 5.50), (5.55, 5.50, 5.40),
    (5.90, 5.85, 5.70), (5.45, 5.55, 5.60), (5.40, 5.40, 5.35), (5.45, 5.50, 5.35),
    (5.25, 5.15, 5.00), (5.85, 5.80, 5.70), (5.25, 5.20, 5.10), (5.65, 5.55, 5.45),
    (5.60, 5.35, 5.45), (5.05, 5.00, 4.95), (5.50, 5.50, 5.40), (5.45, 5.55, 5.50),
    (5.55, 5.55, 5.35), (5.45, 5.50, 5.55), (5.50, 5.45, 5.25), (5.65, 5.60, 5.40),
    (5.70, 5.65, 5.55), (6.30, 6.30, 6.25),
]  # fmt: skip
YES = [(0, 0, 0), (1, 0, 1), (0, 1, 1), (0, 0, 1), (1, 1, 1), (0, 1, 1), (1, 0, 1), (0, 0, 1),
       (0, 1, 0)]  # fmt: skip


def made(rows, name="n"):
    """One row per school and wave; None is no row."""
    found = [
        (str(urn), wave, value)
        for urn, values in enumerate(rows)
        for wave, value in zip(WAVES, values, strict=True)
        if value is not None
    ]
    return pd.DataFrame(found, columns=["school_urn", "wave", name])


def scored(rows):
    words = {0: "partial", 1: "achieved", 2: "not scored"}
    data = made(rows, "state").assign(benchmark="p1")
    return data.assign(state=data["state"].map(words))


def test_friedman_with_ties_is_what_r_gives():
    found = friedman_waves(made(TIMES), outcome="n", waves=WAVES)
    row = found.to_frame().iloc[0]
    expected = (11.14285714285714, 0.00380504077551, 0.25324675324675)
    assert (row["statistic"], row["p"], row["kendall_w"]) == pytest.approx(expected)
    assert row[["n_complete", "df"]].tolist() == [22, 2]
    assert found.by_wave["mean_rank"].sum() == pytest.approx(6)


def test_cochrans_q_is_what_its_formula_gives_in_r():
    found = cochran_waves(scored(YES), waves=WAVES)
    row = found.to_frame().iloc[0]
    assert (row["statistic"], row["p"]) == pytest.approx((3.714285714286, 0.156118045316))
    assert row[["n_complete", "n_changing"]].tolist() == [9, 7]
    assert found.by_wave["share"].tolist() == pytest.approx([3 / 9, 4 / 9, 7 / 9])


def test_a_school_with_a_gap_is_dropped_and_counted():
    rows = [*TIMES, (5.0, None, 5.1), (5.0, 5.2, None)]
    found = friedman_waves(made(rows), outcome="n", waves=WAVES)
    row = found.to_frame().iloc[0]
    assert row[["n_schools", "n_complete", "n_dropped"]].tolist() == [24, 22, 2]
    assert row["statistic"] == pytest.approx(11.14285714285714)
    assert "2 with a gap are dropped" in found.notes[0]


def test_a_school_not_scored_at_one_wave_is_dropped():
    row = cochran_waves(scored([*YES, (1, 2, 1)]), waves=WAVES).to_frame().iloc[0]
    assert row[["n_complete", "n_dropped"]].tolist() == [9, 1]


def test_where_no_school_changed_p_is_one():
    for found in (
        friedman_waves(made([(1, 1, 1), (2, 2, 2)]), outcome="n", waves=WAVES),
        cochran_waves(scored([(1, 1, 1), (0, 0, 0)]), waves=WAVES),
    ):
        row = found.to_frame().iloc[0]
        assert row[["statistic", "p", "n_changing"]].tolist() == [0, 1, 0]
        assert pd.isna(row["kendall_w"])


def test_one_school_or_none_leaves_the_test_blank():
    for rows in ([(1, 2, 3)], [(1, None, 3), (1, 2, None)]):
        row = friedman_waves(made(rows), outcome="n", waves=WAVES).to_frame().iloc[0]
        assert row[["statistic", "p"]].isna().all()


def test_benchmarks_and_groups_stand_apart():
    scores = scored(YES)
    more = pd.concat([scores.assign(benchmark=name) for name in ("p1", "p2")])
    more["la_name"] = more["school_urn"].astype(int).lt(5).map({True: "N", False: "S"})
    table = cochran_waves(more, waves=WAVES, by="la_name").to_frame()
    assert table["n_complete"].tolist() == [5, 5, 4, 4]


def test_two_waves_are_told_where_to_go():
    with pytest.raises(BadArgumentError) as error:
        cochran_waves(scored(YES), waves=WAVES[:2])
    assert str(error.value) == (
        "cochran_waves: at least three waves are needed.\n"
        "  found: 'baseline', 'year 1'\n"
        "  try:   waves=[...] in order; two waves: analysis.change or analysis.wilcoxon_change"
    )


def test_unknown_and_repeated_waves_are_refused():
    with pytest.raises(BadArgumentError, match="waves has no value 'year 3'"):
        friedman_waves(made(TIMES), outcome="n", waves=[*WAVES, "year 3"])
    with pytest.raises(BadArgumentError, match="waves names a wave twice"):
        friedman_waves(made(TIMES), outcome="n", waves=[*WAVES, "year 1"])


def test_two_framework_editions_are_refused():
    scores = scored(YES)
    scores["framework"] = scores["wave"].eq("baseline").map({True: "old", False: "new"})
    with pytest.raises(FrameworkError, match="2 framework editions"):
        cochran_waves(scores, waves=WAVES)


def test_text_is_no_number():
    with pytest.raises(TableProblemsError, match="does not hold numbers"):
        friedman_waves(made([("a", "b", "c")]), outcome="n", waves=WAVES)
