"""Where schools moved: figures from R stand in references.R."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import change, movement, net_shift
from careerbench.analysis.symmetry import symmetry_tests
from careerbench.errors import BadArgumentError, FrameworkError

ENDS = {"before": "baseline", "after": "year 1"}
STATES = ["achieved", "partial", "not achieved"]
MOVES = np.array([[10, 9, 4], [2, 8, 6], [1, 3, 5]])  # before in rows


def made(counts, extra=()):
    """Make scores from counts of moves, and (state before, state after) of further schools."""
    pairs = [
        (STATES[i], STATES[j])
        for i in range(3) for j in range(3) for _ in range(counts[i][j])
    ]  # fmt: skip
    rows = [
        (str(urn), wave, "p1", state)
        for urn, ends in enumerate([*pairs, *extra])
        for wave, state in zip(ENDS.values(), ends, strict=True)
        if state is not None
    ]
    return pd.DataFrame(rows, columns=["school_urn", "wave", "benchmark", "state"])


def test_symmetry_and_margins_are_tested_as_r_tests_them():
    # R: mcnemar.test(moves); coin::mh_test(as.table(moves)); all ways by expand.grid
    found = symmetry_tests(MOVES)
    assert (found.bowker, found.bowker_df) == pytest.approx((7.254545454545, 3))
    assert found.p_bowker == pytest.approx(0.0642122294979)
    assert (found.stuart_maxwell, found.stuart_maxwell_df) == pytest.approx((6.9145728643216, 2))
    assert found.p_stuart_maxwell == pytest.approx(0.0315151646303)
    exact = (found.p_bowker_exact, found.p_stuart_maxwell_exact)
    assert exact == pytest.approx((0.0656185150146, 0.0333508253098))


def test_two_states_are_mcnemar():
    # R: binom.test(2, 11)$p.value; (9 - 2)^2 / 11
    found = symmetry_tests(np.array([[5, 9], [2, 4]]))
    assert found.bowker == found.stuart_maxwell == pytest.approx(49 / 11)
    assert found.p_bowker_exact == pytest.approx(0.0654296875)
    assert found.p_stuart_maxwell_exact == pytest.approx(0.0654296875)


def test_two_states_with_no_move_count_no_degree_of_freedom():
    found = symmetry_tests(np.array([[5, 9, 0], [2, 4, 0], [0, 0, 3]]))
    assert (found.bowker_df, found.stuart_maxwell_df) == (1, 1)
    assert found.bowker == pytest.approx(49 / 11)


def test_where_nothing_moves_every_p_is_one():
    found = symmetry_tests(np.diag([3, 4, 5]))
    assert (found.p_bowker, found.p_bowker_exact, found.p_stuart_maxwell) == (1, 1, 1)


def test_a_nation_of_schools_gets_the_asymptotic_tests():
    found = symmetry_tests(MOVES * 100)
    assert np.isnan([found.p_bowker_exact, found.p_stuart_maxwell_exact]).all()
    assert found.bowker == pytest.approx(725.4545454545)


def test_every_school_is_in_one_cell():
    extra = [("achieved", None), (None, "partial"), ("not scored", "achieved")]
    found = movement(made(MOVES, extra), **ENDS)
    table = found.to_frame()
    assert len(table) == 24
    assert table["n"].sum() == 48 + 3
    cells = table.set_index(["state_before", "state_after"])["n"]
    assert cells["achieved", "absent"] == 1
    assert cells["absent", "partial"] == 1
    assert cells["not scored", "achieved"] == 1
    assert cells["partial", "not achieved"] == 6
    assert found.symmetry[["n_pairs", "n_moved"]].iloc[0].tolist() == [48, 25]


def test_shares_of_a_starting_state_add_up_to_one():
    table = movement(made(MOVES), **ENDS).to_frame()
    sums = table.groupby("state_before")["share"].sum(min_count=1).dropna()
    assert sums.to_dict() == pytest.approx(dict.fromkeys(STATES, 1.0))


def test_the_tests_leave_out_who_was_not_scored():
    extra = [("achieved", None), ("not scored", "achieved")]
    one, two = (movement(made(MOVES, more), **ENDS).symmetry for more in ((), extra))
    pd.testing.assert_frame_equal(one, two)


def test_without_pairs_there_is_no_test():
    found = movement(made(np.zeros((3, 3), int), [("achieved", None), (None, "partial")]), **ENDS)
    assert found.symmetry[["bowker", "p_bowker_exact", "p_stuart_maxwell"]].isna().all(axis=None)


def test_net_shift_counts_every_step_up_and_down():
    row = net_shift(made(MOVES), **ENDS).to_frame().iloc[0]
    counted = ["n_pairs", "n_improved", "n_worsened", "n_same", "n_at_top", "n_unmatched"]
    assert row[counted].tolist() == [48, 6, 19, 23, 23, 0]
    assert row["net_shift_pp"] == pytest.approx(100 * (6 - 19) / 48)
    # R: binom.test(6, 25)$p.value
    assert row["p_sign"] == pytest.approx(0.0146332979202)


def test_between_two_states_net_shift_is_the_matched_change():
    scores = made([[10, 2, 0], [12, 26, 0], [0, 0, 0]])
    shift = net_shift(scores, **ENDS).to_frame().iloc[0]
    whole = change(scores, **ENDS).to_frame().iloc[0]
    assert shift["net_shift_pp"] == pytest.approx(whole["matched_change_pp"])
    assert shift["p_sign"] == pytest.approx(whole["p_mcnemar"])
    # Tango's interval: references.R, tango(12, 2, 50)
    assert shift[["low_pp", "high_pp"]].tolist() == pytest.approx([6.11124061863, 34.47087482821])


def test_schools_at_one_end_are_in_no_pair():
    row = net_shift(made(MOVES, [("achieved", None), ("not scored", "partial")]), **ENDS)
    assert row.to_frame()[["n_pairs", "n_unmatched"]].iloc[0].tolist() == [48, 2]
    assert "2 school rows scored at one end or none" in row.notes[0]


def test_groups_stand_apart():
    scores = made(MOVES)
    scores["la_name"] = scores["school_urn"].astype(int).lt(20).map({True: "N", False: "S"})
    assert net_shift(scores, **ENDS, by="la_name").to_frame()["n_pairs"].tolist() == [20, 28]
    assert len(movement(scores, **ENDS, by="la_name")) == 48


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(BadArgumentError, match="movement: before has no value 'start'"):
        movement(made(MOVES), before="start", after="year 1")
    with pytest.raises(BadArgumentError, match="net_shift: before and after are the same wave"):
        net_shift(made(MOVES), before="baseline", after="baseline")
    scores = made(MOVES)
    scores["framework"] = scores["wave"]
    with pytest.raises(FrameworkError, match="2 framework editions"):
        movement(scores, **ENDS)


def test_nothing_in_the_words_claims_an_effect():
    for found in (movement(made(MOVES), **ENDS), net_shift(made(MOVES), **ENDS)):
        said = " ".join(found.notes)
        assert "no comparison group" in said
        assert "impact" not in said
        assert found._repr_html_()
