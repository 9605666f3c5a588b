"""The fits meet lme4, lmerTest and clubSandwich on the same made-up pupils (references.R)."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from careerbench.analysis import fit_multilevel

TEXT = Path(__file__).with_name("references.csv").read_text(encoding="utf-8")
FITS = defaultdict(list)
for row in csv.DictReader(TEXT.splitlines()):
    FITS[row["set"], row["formula"], row["slope"], row["method"]].append(row)
PLAIN = [key for key in FITS if not key[2]]
SLOPES = [key for key in FITS if key[2]]
BARS = {".sig01": ("between", 2), ".sig03": ("slope", 2), ".sigma": ("within", 2)}


def term(name):
    return (
        name.replace("(Intercept)", "Intercept")
        .replace("armprogramme", "arm[T.programme]")
        .replace(".sig02", "correlation")
    )


def figures(key, what):
    return {term(row["term"]): float(row["value"]) for row in FITS[key] if row["what"] == what}


@pytest.fixture(scope="module")
def fitted(made_up):
    kept = {}

    def fit(key):
        if key not in kept:
            name, formula, slope, method = key
            kept[key] = fit_multilevel(
                formula, group="school", data=made_up(name), slope=slope or None, method=method
            )
        return kept[key]

    return fit


def of_terms(fit, column):
    return fit.fixed.set_index("term")[column].to_dict()


@pytest.mark.parametrize("key", PLAIN, ids="-".join)
def test_a_random_intercept_is_lme4s_to_eight_digits(fitted, key):
    fit = fitted(key)
    assert of_terms(fit, "estimate") == pytest.approx(figures(key, "estimate"), rel=1e-8)
    assert fit.variance == pytest.approx(figures(key, "variance"), rel=1e-8, abs=1e-12)
    for name in ("log_likelihood", "aic", "bic"):
        assert getattr(fit, name) == pytest.approx(figures(key, name)[""], rel=1e-10)


@pytest.mark.parametrize("key", SLOPES, ids="-".join)
def test_a_random_slope_is_lme4s_to_five_digits_and_better(fitted, key):
    fit = fitted(key)
    assert of_terms(fit, "estimate") == pytest.approx(figures(key, "estimate"), rel=1e-6)
    assert fit.variance == pytest.approx(figures(key, "variance"), rel=2e-6)
    for name in ("log_likelihood", "aic", "bic"):
        assert getattr(fit, name) == pytest.approx(figures(key, name)[""], rel=1e-10)
    assert -2 * fit.log_likelihood <= -2 * figures(key, "log_likelihood")[""] + 1e-9


@pytest.mark.parametrize("key", FITS, ids="-".join)
def test_cr2_errors_are_those_of_clubsandwich(fitted, key):
    fit = fitted(key)
    for column in ("std_error_cr2", "df_cr2"):
        assert of_terms(fit, column) == pytest.approx(figures(key, column), rel=1e-6)
    assert of_terms(fit, "p") == pytest.approx(figures(key, "p_cr2"), rel=1e-5)


@pytest.mark.parametrize("key", FITS, ids="-".join)
def test_model_based_errors_are_those_of_lmertest(fitted, key):
    for column in ("std_error_model", "df_model"):
        assert of_terms(fitted(key), column) == pytest.approx(figures(key, column), rel=2e-6)


@pytest.mark.parametrize("key", FITS, ids="-".join)
def test_conditional_modes_are_those_of_lme4(fitted, key):
    modes = fitted(key).modes.set_index("school")
    for column in ("mode", "sd", "slope_mode", "slope_sd"):
        known = figures(key, column)
        assert {school: modes.loc[school, column] for school in known} == pytest.approx(
            known, rel=1e-6, abs=1e-9
        )


@pytest.mark.parametrize("key", FITS, ids="-".join)
def test_a_fit_is_called_singular_where_lme4_calls_it_so(fitted, key):
    fit = fitted(key)
    assert fit.singular == (figures(key, "singular")[""] == 1)
    assert any("Singular" in note for note in fit.notes) == fit.singular


@pytest.mark.parametrize("key", [key for key in FITS if figures(key, "profile_low")], ids="-".join)
def test_profile_intervals_are_those_of_lme4(fitted, key):
    # lme4 reads fixed effects off a spline through its profile: about four digits
    table = fitted(key).profile().to_frame().set_index("parameter")
    for end in ("low", "high"):
        for name, value in figures(key, f"profile_{end}").items():
            parameter, power = BARS.get(name, (name, 1))
            width = table.loc[parameter, "high"] - table.loc[parameter, "low"]
            near = 1e-3 if table.loc[parameter, "kind"] == "fixed" else 1e-6
            assert table.loc[parameter, end] == pytest.approx(value**power, abs=near * width)


def test_model_based_errors_can_be_asked_for(made_up):
    key = ("trial", "score ~ arm + pretest", "", "reml")
    fit = fit_multilevel(key[1], group="school", data=made_up("trial"), std_errors="model")
    assert of_terms(fit, "std_error") == of_terms(fit, "std_error_model")
    assert of_terms(fit, "p") == pytest.approx(figures(key, "p_model"), rel=1e-6)


@pytest.mark.parametrize("key", FITS, ids="-".join)
def test_no_nearby_variance_beats_a_fit(fitted, key):
    from careerbench.analysis.multilevel.likelihood import (
        InterceptKernel,
        SlopeKernel,
        log_likelihood,
    )

    fit, reml = fitted(key), key[3] == "reml"
    kernel = (SlopeKernel if key[2] else InterceptKernel)(fit.sums)
    rng = np.random.default_rng(1)
    for size in (1e-8, 1e-5, 1e-2, 1.0):
        for _ in range(20):
            theta = fit.theta + size * rng.normal(size=len(fit.theta))
            other = log_likelihood(kernel.at(theta), fit.sums, reml=reml)
            assert other <= fit.log_likelihood + 1e-10 * abs(fit.log_likelihood)
