"""Schools against the limits of chance."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import funnel
from careerbench.errors import BadArgumentError, TableProblemsError

NUMERATORS = [12, 30, 26, 50, 42, 71, 4, 29, 48, 36]
DENOMINATORS = [82, 98, 100, 125, 162, 151, 12, 100, 82, 99]
TEN = pd.DataFrame(
    {"school_urn": [f"{n:02d}" for n in range(10)], "met": NUMERATORS, "asked": DENOMINATORS}
)
COUNTS = {"numerator": "met", "denominator": "asked"}


def test_dispersion_is_what_funnelplotr_finds():
    # references_fair.R: FunnelPlotR 0.6.0, transformed_zscore, winsorisation, phi_func, tau_func
    found = funnel(TEN, **COUNTS)
    assert found.target == pytest.approx(0.344213649852, abs=1e-11)
    assert found.phi == pytest.approx(4.00905291702, abs=1e-10)
    assert found.tau2 == pytest.approx(0.00868825971002, abs=1e-13)
    table = found.to_frame()
    assert table.loc[:2, "z"].tolist() == pytest.approx(
        [-4.245598617226, -0.805296486486, -1.838070413923]
    )
    assert table.loc[:2, "z_adjusted"].tolist() == pytest.approx(
        [-2.1638278956010, -0.3836573503372, -0.8688621516994]
    )


def test_widened_limits_are_funnelplotrs():
    # references_fair.R: calculate_limits(..., "PR", tau2), rows n = 12 and n = 162; FunnelPlotR
    # rounds the normal quantiles to six decimals
    table = funnel(TEN, **COUNTS).to_frame()
    columns = ["od_low_95", "od_high_95", "od_low_998", "od_high_998"]
    small = [0.0818872383674, 0.674577140805, 0.00919064991108, 0.839011747378]
    large = [0.1728142213487, 0.539785843017, 0.09563017637610, 0.651724739196]
    assert table.loc[6, columns].tolist() == pytest.approx(small, abs=1e-7)
    assert table.loc[4, columns].tolist() == pytest.approx(large, abs=1e-7)


def test_limits_are_exact_binomial_and_interpolated():
    # references_fair.R: qbinom and pbinom, Spiegelhalter (2005), appendix A.1.1
    table = funnel(TEN, **COUNTS).to_frame()
    columns = ["low_95", "high_95", "low_998", "high_998"]
    first = [0.2367278018509, 0.442989747325, 0.183018223710, 0.505165894415]
    small = [0.0390529764461, 0.580271594536, 0.0, 0.744629661097]
    assert table.loc[0, columns].tolist() == pytest.approx(first, abs=1e-11)
    assert table.loc[6, columns].tolist() == pytest.approx(small, abs=1e-11)


def test_multiplicative_limits_are_the_root_of_phi_as_far():
    found = funnel(TEN, **COUNTS, adjustment="multiplicative")
    row = found.to_frame().iloc[0]
    error = 1 / (2 * np.sqrt(82))
    angle = np.arcsin(np.sqrt(found.target)) + 1.959963984540 * np.sqrt(found.phi) * error
    assert row["od_high_95"] == pytest.approx(np.sin(angle) ** 2)
    assert row["z_adjusted"] == pytest.approx(row["z"] / np.sqrt(found.phi))


def test_verdicts_follow_the_widened_limits():
    strict = funnel(TEN, **COUNTS, adjustment="none").to_frame()["verdict"]
    assert strict[8].startswith("above the 99.8% limits")
    assert strict[0].startswith("below the 99.8% limits")
    kind = funnel(TEN, **COUNTS).to_frame()["verdict"]
    assert kind[8].startswith("outside 95% only")
    assert kind[1].startswith("within the limits")


def test_a_school_without_counts_is_compared_with_nothing():
    more = pd.DataFrame({"school_urn": ["x", "y"], "met": [0, None], "asked": [0, 20]})
    found = funnel(pd.concat([TEN, more], ignore_index=True), **COUNTS)
    table = found.to_frame()
    assert table["share_reason"].tolist()[-2:] == ["denominator is 0", "missing"]
    assert table["verdict"].tolist()[-1] == "not compared: no counts"
    assert table.iloc[-2:][["share", "low_95", "od_high_998", "z"]].isna().all(axis=None)
    assert found.phi == pytest.approx(4.00905291702)
    assert "10 schools compared, 2 without counts" in found.notes[0]


def test_schools_that_differ_by_less_than_chance_widen_nothing():
    even = TEN.assign(met=[round(n / 3) for n in DENOMINATORS])
    found = funnel(even, **COUNTS)
    assert found.phi < 0.1
    assert found.tau2 == 0
    table = found.to_frame()
    assert table["od_low_95"].tolist() == table["low_95"].tolist()
    assert "No over-dispersion" in " ".join(found.notes)


def test_the_curve_to_draw_goes_through_the_limits_of_each_school():
    found = funnel(TEN, **COUNTS)
    columns = [
        f"{lead}{end}_{level}"
        for lead in ("", "od_")
        for end in ("low", "high")
        for level in ("95", "998")
    ]
    drawn = found.limits(DENOMINATORS)
    pd.testing.assert_frame_equal(drawn[columns], found.to_frame()[columns])


def test_one_school_needs_a_target_from_elsewhere():
    with pytest.raises(BadArgumentError, match="one school cannot be compared with itself"):
        funnel(TEN.iloc[:1], **COUNTS)
    found = funnel(TEN.iloc[:1], **COUNTS, target=0.3)
    assert found.to_frame()["verdict"].tolist() == [
        "outside 95% only: one school in 20 is, by chance alone"
    ]
    assert "phi: not known from one school." in found.notes


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"met": -1}, "in 1 of 10 rows 'met' is below 0"),
        ({"met": 83}, "in 1 of 10 rows 'met' is above 'asked'"),
        ({"met": 0.5}, "in 1 of 10 rows 'met' is no whole number"),
    ],
)
def test_counts_that_cannot_be_are_refused(change, message):
    broken = TEN.astype({"met": float})
    broken.loc[0, "met"] = change["met"]
    with pytest.raises(TableProblemsError, match=message):
        funnel(broken, **COUNTS)


def test_bad_tables_are_refused():
    with pytest.raises(TableProblemsError, match="'met' does not hold numbers"):
        funnel(TEN.astype({"met": str}), **COUNTS)
    with pytest.raises(TableProblemsError, match="1 of 11 rows repeat"):
        funnel(pd.concat([TEN, TEN.iloc[:1]]), **COUNTS)
    with pytest.raises(BadArgumentError, match="no school has both counts"):
        funnel(TEN.assign(met=0, asked=0), **COUNTS)
    with pytest.raises(BadArgumentError, match="all schools together have none"):
        funnel(TEN.assign(met=0), **COUNTS)


def test_the_notes_warn_of_league_tables():
    assert "This is no league table" in " ".join(funnel(TEN, **COUNTS).notes)
