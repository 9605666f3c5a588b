"""What a model cannot be fitted to is refused in words."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import fit_multilevel
from careerbench.errors import (
    BadArgumentError,
    CareerBenchError,
    MissingColumnsError,
    TableProblemsError,
)

FORMULA = "score ~ arm + pretest"


@pytest.fixture(scope="module")
def trial(made_up):
    return made_up("trial")


def refused(data, formula=FORMULA, **options):
    with pytest.raises(CareerBenchError) as error:
        fit_multilevel(formula, **({"group": "school", "data": data} | options))
    assert str(error.value).startswith("fit_multilevel: ")
    return error.value


def test_a_whole_message(trial):
    assert str(refused(trial, "score ~ arm + pretst")) == (
        "fit_multilevel: the table has no column 'pretst'.\n"
        "  found: 'school', 'arm', 'pretest', 'score'\n"
        "  try:   did you mean 'pretest'?"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t[t["school"] == "s01"], "all of one school"),
        (lambda t: t.drop_duplicates("school"), "too few pupils per school"),
        (lambda t: t.assign(score=1.0), "the same for every pupil"),
        (lambda t: t.assign(score=t.groupby("school")["score"].transform("mean")), "within"),
        (lambda t: t[t["arm"] == "control"], "'arm' has one value in all rows"),
        (lambda t: t.assign(score=np.nan), "none of the 142 rows"),
        (lambda t: t.iloc[:0], "none of the 0 rows"),
        (lambda t: t.assign(pretest=3.0), "'pretest' says nothing that 'Intercept' did not say"),
        (lambda t: t.assign(pretest=0.0), "a column of zeros"),
        (lambda t: t.assign(score=t["score"].astype(str)), "text where numbers belong"),
        (lambda t: t.assign(score=t["arm"]), "one column of numbers"),
        (lambda t: t.assign(score=t["score"] > 10), "one column of numbers"),
        (lambda t: t.assign(pretest=t["pretest"].astype(str)), "text where numbers belong"),
        (lambda t: t.assign(pretest=[*t["pretest"][1:], "absent"]), "neither numbers nor words"),
        (lambda t: t.assign(pretest=pd.Timestamp("2026-01-01")), "neither numbers nor words"),
        (lambda t: t.assign(pretest=[*t["pretest"][1:], np.inf]), "infinite"),
        (lambda t: pd.concat([t, t[["pretest"]]], axis=1), "several columns called 'pretest'"),
        (lambda t: t[t["school"] <= "s02"], "leave nothing to be explained"),
        (lambda t: t.assign(arm=[f"a{i}" for i in range(len(t))]), "too many different values"),
    ],
)
def test_data_that_cannot_answer_are_refused(trial, change, words):
    error = refused(change(trial))
    assert isinstance(error, TableProblemsError | BadArgumentError)
    assert words in str(error)
    assert error.hint


@pytest.mark.parametrize(
    "formula",
    ["score", "score ~", "~ arm", "score ~ arm +", "score ~ arm)(", "", 5, None, "score ~ 0",
     "score + pretest ~ arm", "score ~ .", "score ~ arm.foo", "score ~ np.zeros(3)"],
)  # fmt: skip
def test_a_formula_that_is_none_is_refused(trial, formula):
    assert isinstance(refused(trial, formula), BadArgumentError)


def test_random_effects_do_not_belong_in_the_formula(trial):
    assert "group='school_urn'" in refused(trial, "score ~ arm + (1 | school)").hint


def test_an_unknown_function_is_an_unknown_name(trial):
    error = refused(trial, "score ~ foo(pretest)")
    assert isinstance(error, MissingColumnsError)
    assert "'foo'" in str(error)


def test_terms_that_repeat_each_other_are_named(trial):
    twice = trial.assign(double=2 * trial["pretest"] + 1)
    error = refused(twice, "score ~ pretest + double + arm")
    assert "'double' says nothing that 'pretest' did not say." in str(error)


def test_an_outcome_among_its_terms_is_refused(trial):
    assert "explain the outcome exactly" in str(refused(trial, "score ~ score + arm"))


def test_a_function_undefined_somewhere_is_refused(trial):
    assert "'log(pretest)' is infinite or undefined" in str(refused(trial, "score ~ log(pretest)"))


def test_the_group_is_no_term(trial):
    assert "both the group and a term" in str(refused(trial, "score ~ arm + school"))
    assert "nothing to be explained" in str(refused(trial, "score ~ C(school) + pretest"))


@pytest.mark.parametrize(
    ("slope", "words"),
    [
        ("level", "the same for all pupils of a school"),
        ("arm", "does not hold numbers"),
        ("pretst", "no column 'pretst'"),
        (5, "slope must be the name of one column"),
    ],
)
def test_a_slope_that_cannot_be_is_refused(trial, slope, words):
    level = trial.assign(level=trial["school"].str[1:].astype(float))
    assert words in str(refused(level, slope=slope))


@pytest.mark.parametrize(
    "options",
    [
        {"group": None},
        {"group": ["school"]},
        {"method": "REML "},
        {"std_errors": "hc1"},
        {"confidence": 95},
        {"confidence": True},
    ],
)
def test_options_are_checked(trial, options):
    assert isinstance(refused(trial, **options), BadArgumentError)


def test_a_table_is_needed():
    assert isinstance(refused(5), BadArgumentError)


def test_a_group_may_not_share_a_name_with_the_modes(trial):
    assert "'mode'" in str(refused(trial.rename(columns={"school": "mode"}), group="mode"))


def test_no_message_holds_a_pupils_value(trial):
    odd = trial.assign(pretest=[*trial["pretest"][1:], "secret-1234"])
    assert "secret-1234" not in str(refused(odd))
