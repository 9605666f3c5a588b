"""What this many schools can show."""

import math

import pytest

from careerbench.analysis import (
    BeforeAfter,
    ClusterTrial,
    MultisiteTrial,
    SchoolsBeforeAfter,
    minimum_detectable_effect,
    power,
)
from careerbench.analysis.mcnemar_power import mcnemar_power
from careerbench.errors import BadArgumentError

# Figures: references_fair.R, PowerUpR 1.1.0 (mdes.cra2r2, power.cra2r2, mdes.bira2r1,
# power.bira2r1); the first of each pair is the package's own example.
SMALL = ClusterTrial(n_schools=20, pupils_per_school=4, icc=0.2)
LARGE = ClusterTrial(
    n_schools=40, pupils_per_school=25, icc=0.15, share_treated=0.4, n_covariates=2,
    r2_pupil=0.3, r2_school=0.5,
)  # fmt: skip
SITES = MultisiteTrial(n_schools=480, pupils_per_school=83, icc=0.35, effect_variance=0.1)
FEW_SITES = MultisiteTrial(
    n_schools=12, pupils_per_school=20, icc=0.15, effect_variance=0.2, share_treated=0.4,
    n_covariates=1, r2_pupil=0.4, r2_effect=0.1,
)  # fmt: skip
SAME = BeforeAfter(
    n_schools=15, pupils_per_school=40, icc=0.1, school_correlation=0.7, pupil_correlation=0.4
)
SHARES = ClusterTrial(n_schools=40, pupils_per_school=25, icc=0.1)


def first_row(planning):
    return planning.to_frame().iloc[0]


@pytest.mark.parametrize(
    ("design", "options", "effect", "freedom"),
    [
        (SMALL, {"significance": 0.01}, 1.057970094545, 18),
        (LARGE, {}, 0.2921509428397, 36),
        (
            ClusterTrial(n_schools=40, pupils_per_school=25, icc=0.15),
            {"two_sided": False, "power": 0.4},
            0.1940867344629,
            38,
        ),
        (SITES, {}, 0.0329995485081, 479),
        (FEW_SITES, {}, 0.3274249200119, 10),
        (SAME, {}, 0.229451170355, 14),
    ],
)
def test_the_smallest_effect_is_what_powerupr_gives(design, options, effect, freedom):
    row = first_row(minimum_detectable_effect(design, **options))
    assert row["effect"] == pytest.approx(effect, abs=1e-10)
    assert row["df"] == freedom


@pytest.mark.parametrize(
    ("design", "effect", "expected"),
    [
        (SMALL, 0.5, 0.387426977124),
        (LARGE, 0.25, 0.669389014742),
        (SITES, 0.25, 1.0),
        (FEW_SITES, 0.2, 0.403802719797),
        (SAME, 0.2, None),
    ],
)
def test_power_is_what_powerupr_gives(design, effect, expected):
    # the last: pt() on the standard error of Feldman and McKinlay (1994)
    found = first_row(power(design, effect=effect))["power"]
    assert found == pytest.approx(expected or 0.685518884568, abs=1e-8)


def test_unequal_schools_cost_power():
    uneven = ClusterTrial(n_schools=40, pupils_per_school=25, icc=0.15, size_cv=0.6)
    assert first_row(power(uneven, effect=0.25))["power"] == pytest.approx(0.352037874679, abs=1e-8)


def test_shares_have_the_variance_of_shares():
    # references_fair.R: pt() and uniroot on p0 (1 - p0) and p1 (1 - p1), t with 38 degrees
    found = first_row(power(SHARES, effect=0.15, share_before=0.3))["power"]
    assert found == pytest.approx(0.745648690865, abs=1e-8)
    smallest = first_row(minimum_detectable_effect(SHARES, share_before=0.3))["effect"]
    assert smallest == pytest.approx(0.160554550482, abs=1e-10)


@pytest.mark.parametrize(
    ("n", "gained", "lost", "mid_p", "expected"),
    [
        (20, 0.4, 0.05, False, 0.582267383687),
        (20, 0.4, 0.05, True, 0.695776204553),
        (40, 0.3, 0.1, False, 0.439723183412),
        (40, 0.3, 0.1, True, 0.524941062266),
    ],
)
def test_mcnemar_power_is_added_up_over_all_that_can_happen(n, gained, lost, mid_p, expected):
    # references_fair.R: dmultinom over every table
    assert mcnemar_power(n, gained, lost, mid_p=mid_p) == pytest.approx(expected, abs=1e-10)


def test_with_no_change_the_exact_test_keeps_its_level():
    assert 0 < mcnemar_power(70, 0.2, 0.2) < 0.05
    assert mcnemar_power(5, 0.2, 0.2) == 0
    assert mcnemar_power(10, 0.0, 0.0) == 0


@pytest.mark.parametrize(("mid_p", "gained"), [(False, 0.321582917109), (True, 0.295092571677)])
def test_the_smallest_gain_of_schools_is_exact(mid_p, gained):
    # references_fair.R: uniroot on the enumeration, 40 schools, 5% lose
    schools = SchoolsBeforeAfter(n_schools=40, share_lost=0.05)
    row = first_row(minimum_detectable_effect(schools, mid_p=mid_p))
    assert row["effect"] == pytest.approx(gained - 0.05, abs=1e-9)
    again = first_row(power(schools, effect=float(row["effect"]), mid_p=mid_p))
    assert again["power"] == pytest.approx(0.8)


def test_more_schools_show_less():
    table = minimum_detectable_effect(SMALL, n_schools=[10, 20, 40, 70]).to_frame()
    assert table["n_schools"].tolist() == [10, 20, 40, 70]
    assert table["effect"].is_monotonic_decreasing


def test_what_no_change_would_show_is_said():
    few = SchoolsBeforeAfter(n_schools=5)
    assert (
        first_row(minimum_detectable_effect(few))["planning_reason"]
        == "not within reach of any change"
    )
    planned = minimum_detectable_effect(SMALL, n_schools=[2, 3])
    assert planned.to_frame()["planning_reason"].tolist()[0] == "too few schools"
    assert math.isnan(planned.to_frame()["effect"][0])
    assert "2 schools: too few schools." in planned.notes
    near = minimum_detectable_effect(SHARES, share_before=0.95, n_schools=[8])
    assert first_row(near)["planning_reason"] == "not within reach of any change"


def test_a_design_without_chance_has_no_power():
    sure = BeforeAfter(20, 10, 0.1, school_correlation=1.0, pupil_correlation=1.0)
    row = first_row(power(sure, effect=0.2))
    assert row["planning_reason"] == "this design leaves nothing to chance"
    assert math.isnan(row["power"])


def test_the_answer_stands_in_words():
    said = minimum_detectable_effect(SHARES, share_before=0.3).notes
    assert said[0] == (
        "40 schools can show a change of 16 percentage points from 30% with a chance of 80%."
    )
    assert "not what brought it about" in " ".join(power(SAME, effect=0.2).notes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_schools": 1}, "n_schools must be a whole number from 2"),
        ({"n_schools": 10.5}, "n_schools must be a whole number"),
        ({"icc": 1.2}, "icc must be a number from 0 to 1"),
        ({"icc": "low"}, "icc must be a number"),
        ({"share_treated": 0}, "share_treated must be a number"),
    ],
)
def test_a_design_that_cannot_be_is_refused(options, message):
    with pytest.raises(BadArgumentError, match=message):
        ClusterTrial(**{"n_schools": 10, "pupils_per_school": 20, "icc": 0.1} | options)


def test_bad_options_are_refused():
    with pytest.raises(BadArgumentError, match="n_schools must name at least one"):
        power(SMALL, effect=0.2, n_schools=[])
    with pytest.raises(BadArgumentError, match="n_schools must be a whole number"):
        power(SMALL, effect=0.2, n_schools=["ten"])
    with pytest.raises(BadArgumentError, match="design must say how"):
        power(40, effect=0.2)
    with pytest.raises(BadArgumentError, match="effect takes a share out of 0 to 1"):
        power(SHARES, effect=0.8, share_before=0.3)
    with pytest.raises(BadArgumentError, match="takes no share_before"):
        power(SITES, effect=0.2, share_before=0.3)
    with pytest.raises(BadArgumentError, match="effect must be a number"):
        power(SMALL, effect="large")
