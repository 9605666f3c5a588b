"""How each item behaves."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import item_statistics, scale_reliability
from careerbench.errors import BadArgumentError, TableProblemsError

WIDE = pd.DataFrame(
    {
        "q1": [1, 3, 3, 4, 5, 3, 4, 2, 4, 1, 3, 3],
        "q2": [2, 2, 3, 5, 4, 3, 1, 4, 5, 2, 4, 2],
        "q3": [1, 3, 3, 4, 5, 2, 2, 3, 4, 1, 4, 4],
        "q4": [2, 1, 4, 4, 4, 3, 3, 5, 3, 1, 5, 2],
    }
)
SCHOOLS = [name for name in "abcd" for _ in range(3)]


def long(wide, schools=SCHOOLS):
    frame = wide.assign(respondent=range(len(wide)), school_urn=schools[: len(wide)])
    return frame.melt(["respondent", "school_urn"], var_name="item")


def test_items_are_described_as_r_psych_does():
    # references_fair.R: psych::alpha(q)$item.stats and $alpha.drop
    table = item_statistics(long(WIDE)).to_frame()
    assert table["item"].tolist() == ["q1", "q2", "q3", "q4"]
    rest = [0.597399717925, 0.684547694745, 0.787760989061, 0.604962914529]
    dropped = [0.820496083551, 0.783176214648, 0.736322188450, 0.821097647897]
    assert table["item_rest"].tolist() == pytest.approx(rest, abs=1e-11)
    assert table["alpha_if_dropped"].tolist() == pytest.approx(dropped, abs=1e-11)
    assert table["mean"].tolist() == pytest.approx([3, 3.08333333333, 3, 3.08333333333])
    assert table["sd"].tolist()[:2] == pytest.approx([1.20604537831, 1.31137217055])


def test_floor_ceiling_and_silence_are_counted():
    answers = long(WIDE).astype({"value": float})
    answers.loc[answers.index[:3], "value"] = np.nan
    first = item_statistics(answers.drop(index=answers.index[3]), ends=(1, 5)).to_frame().iloc[0]
    assert first[["n_asked", "n_answered", "n_missing"]].tolist() == [11, 8, 3]
    assert first[["n_floor", "n_ceiling"]].tolist() == [1, 1]
    assert first["share_missing"] == pytest.approx(3 / 11)
    assert first["floor_share"] == pytest.approx(1 / 8)


def test_a_constant_item_fits_nothing():
    table = item_statistics(long(WIDE.assign(q1=3))).to_frame()
    assert table.loc[0, "item_reason"] == "constant item"
    assert np.isnan(table.loc[0, "item_rest"])
    assert table.loc[1:, "item_rest"].notna().all()


def test_of_two_items_neither_can_be_dropped():
    table = item_statistics(long(WIDE[["q1", "q2"]])).to_frame()
    assert table["alpha_if_dropped"].isna().all()
    assert table["item_rest"].notna().all()


def test_groups_are_described_apart():
    answers = pd.concat(
        [long(WIDE).assign(wave="one"), long(WIDE[["q1", "q2"]]).assign(wave="two")]
    )
    table = item_statistics(answers, by="wave").to_frame()
    assert table[["wave", "item"]].to_numpy().tolist() == [
        *(["one", item] for item in WIDE),
        ["two", "q1"],
        ["two", "q2"],
    ]


def test_where_nothing_is_answered_there_are_counts_and_no_numbers():
    table = item_statistics(long(WIDE).assign(value=np.nan)).to_frame()
    assert table["n_missing"].tolist() == [12] * 4
    assert table[["mean", "sd", "floor_share", "item_rest"]].isna().all(axis=None)


def test_values_beyond_the_ends_are_refused_without_being_shown():
    with pytest.raises(TableProblemsError, match="6 of 48 values lie outside ends"):
        item_statistics(long(WIDE), ends=(1, 4.5))
    with pytest.raises(BadArgumentError, match="ends must be the lowest and the highest"):
        item_statistics(long(WIDE), ends=(5, 1))


def test_alpha_omega_and_their_intervals_are_what_r_gives():
    # references_fair.R: psych::alpha, Feldt, psych::omega(nfactors = 1)$omega.tot, and both
    # jackknives by school written out; the same optimum sought longer is 0.842304165027.
    row = scale_reliability(long(WIDE)).to_frame().iloc[0]
    assert row["alpha"] == pytest.approx(0.835300730748, abs=1e-11)
    assert row[["low", "high"]].tolist() == pytest.approx([0.602701733116, 0.946825153989])
    clustered = row[["clustered_low", "clustered_high"]].tolist()
    assert clustered == pytest.approx([-0.0316746639493, 0.9737069734867])
    assert row["omega"] == pytest.approx(0.842304176575, abs=1e-5)
    assert row["omega"] == pytest.approx(0.842304165027, abs=1e-8)
    bounds = row[["omega_low", "omega_high"]].tolist()
    assert bounds == pytest.approx([0.0677889939368, 0.9733236614821], abs=1e-6)


@pytest.mark.parametrize(
    ("wide", "reason"),
    [
        (WIDE[["q1", "q2"]], "two items"),
        (WIDE.assign(q1=3), "constant item"),
        (WIDE.assign(q1=[1, 2, 3, 4, 5, 3, 2, 4, 4, 1, 5, 3]), "improper fit"),
    ],
)
def test_where_there_is_no_omega_there_is_a_reason(wide, reason):
    row = scale_reliability(long(wide)).to_frame().iloc[0]
    assert row["omega_reason"] == reason
    assert np.isnan(row["omega"])
    assert row["alpha_reason"] is None


def test_one_school_has_no_interval_over_schools():
    row = scale_reliability(long(WIDE, ["a"] * 12)).to_frame().iloc[0]
    assert row["clustered_reason"] == "fewer than two schools"
    assert row[["clustered_low", "omega_low"]].isna().all()


def test_an_item_that_runs_against_the_others_is_counted():
    found = scale_reliability(long(WIDE.assign(q1=6 - WIDE["q1"])))
    assert found.to_frame()["n_turned"].tolist() == [1]
    assert "1 item(s) run against the others" in " ".join(found.notes)
