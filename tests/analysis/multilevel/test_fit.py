"""What a fit says, at odd scales, on the boundary, with few schools and with blanks."""

import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import MultilevelFit, fit_multilevel
from careerbench.analysis.multilevel.intercept import best_of_grid
from careerbench.analysis.multilevel.likelihood import InterceptKernel, log_likelihood

FORMULA = "score ~ arm + pretest"


@pytest.fixture(scope="module")
def trial(made_up):
    return made_up("trial")


@pytest.fixture(scope="module")
def fit(trial):
    return fit_multilevel(FORMULA, group="school", data=trial)


def of_terms(fit, column):
    return fit.fixed.set_index("term")[column].to_dict()


def test_the_record_has_what_the_contract_says(fit):
    assert isinstance(fit, MultilevelFit)
    contract = ["term", "estimate", "std_error", "df", "low", "high", "p"]
    assert list(fit.fixed.columns[:7]) == contract
    assert fit.fixed["term"].tolist() == ["Intercept", "arm[T.programme]", "pretest"]
    assert list(fit.variance) == ["between", "within"]
    assert list(fit.modes.columns) == ["school", "n_pupils", "mode", "sd", "low", "high"]
    assert fit.icc == fit.variance["between"] / sum(fit.variance.values())
    assert fit.to_frame().equals(fit.fixed)
    assert "Fixed effects of a multilevel model" in fit._repr_html_()


def test_tables_are_worked_out_when_read_and_then_kept(trial):
    changed = trial.copy()
    found = fit_multilevel(FORMULA, group="school", data=changed)
    assert not {"table", "modes", "_robust"} & set(vars(found))
    changed["score"] = 0.0  # too late to matter
    same = fit_multilevel(FORMULA, group="school", data=trial)
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(found)).fixed, same.fixed)
    pd.testing.assert_frame_equal(found.modes, same.modes)
    assert found.table is found.table
    assert found.modes is found.modes
    assert repr(found).startswith("<MultilevelFit: 3 rows x 11 columns, formula=")


@pytest.mark.parametrize("name", ["table", "modes", "singular"])
def test_the_record_is_frozen_before_and_after_its_tables_are_read(trial, name):
    found = fit_multilevel(FORMULA, group="school", data=trial)
    for _ in range(2):
        with pytest.raises(FrozenInstanceError):
            setattr(found, name, None)
        assert len(found.notes) == 5
        assert len(found) == 3


def test_the_intercept_and_slope_vary_together(made_up):
    found = fit_multilevel(FORMULA, group="school", data=made_up("slopes"), slope="pretest")
    assert list(found.variance) == ["between", "within", "slope", "covariance"]
    assert {"slope_mode", "slope_sd", "slope_low", "slope_high"} <= set(found.modes.columns)
    assert any("where pretest is 0" in note for note in found.notes)


def test_the_notes_say_the_model_the_rows_and_the_errors(fit):
    assert fit.notes[0] == (
        "score ~ arm + pretest, with a random intercept for each school, by restricted maximum "
        f"likelihood; log-likelihood {fit.log_likelihood:.2f}, AIC {fit.aic:.2f}, "
        f"BIC {fit.bic:.2f}."
    )
    assert fit.notes[1] == "142 pupils in 10 schools. No row is left out."
    assert "CR2 standard errors with schools as clusters" in fit.notes[3]


def test_rows_with_a_blank_are_left_out_and_counted(trial, fit):
    blank = trial.astype({"pretest": "Float64"})
    blank.loc[blank["school"] == "s03", "pretest"] = pd.NA
    blank.loc[0, "school"] = None
    found = fit_multilevel(FORMULA, group="school", data=blank)
    rest = trial[trial["school"] != "s03"].iloc[1:]
    same = fit_multilevel(FORMULA, group="school", data=rest)
    assert of_terms(found, "estimate") == pytest.approx(of_terms(same, "estimate"), rel=1e-12)
    assert (found.n_missing, found.n_schools_missing, found.n_schools) == (8, 1, 9)
    assert found.notes[1] == (
        "134 pupils in 9 schools. Left out for a missing value in the model: 8 rows, and with "
        "them all pupils of 1 school."
    )
    assert "Missing values: 'pretest' 7, 'school' 1." in found.notes
    assert fit.n_missing == 0


def test_the_table_given_is_not_changed(trial):
    before = trial.copy()
    fit_multilevel(FORMULA, group="school", data=trial)
    pd.testing.assert_frame_equal(trial, before)


def test_the_order_of_rows_and_the_index_do_not_matter(trial, fit):
    mixed = trial.sample(frac=1, random_state=1).set_index(pd.Index([0] * len(trial)))
    found = fit_multilevel(FORMULA, group="school", data=mixed)
    assert of_terms(found, "estimate") == pytest.approx(of_terms(fit, "estimate"), rel=1e-12)
    assert found.variance == pytest.approx(fit.variance, rel=1e-11)


@pytest.mark.parametrize(
    ("unit", "level", "digits"), [(1e-12, 0, 1e-10), (1e12, 0, 1e-10), (1, 1e9, 1e-5)]
)
def test_the_unit_and_level_of_the_outcome_do_not_matter(trial, fit, unit, level, digits):
    moved = trial.assign(score=trial["score"] * unit + level)
    found = fit_multilevel(FORMULA, group="school", data=moved)
    scaled = {name: value * unit**2 for name, value in fit.variance.items()}
    assert found.variance == pytest.approx(scaled, rel=digits)
    for column in ("estimate", "std_error"):
        known = {name: value * unit for name, value in of_terms(fit, column).items()}
        if column == "estimate":
            known["Intercept"] += level
        assert of_terms(found, column) == pytest.approx(known, rel=digits)
    for column in ("df_cr2", "df_model"):
        assert of_terms(found, column) == pytest.approx(of_terms(fit, column), rel=digits)


@pytest.mark.parametrize(("unit", "level"), [(1e-9, 0), (1e9, 0), (1, 1e6)])
def test_the_unit_and_level_of_a_term_do_not_matter(made_up, unit, level):
    pupils = made_up("slopes")
    known = fit_multilevel(FORMULA, group="school", data=pupils, slope="pretest")
    moved = pupils.assign(pretest=pupils["pretest"] * unit + level)
    found = fit_multilevel(FORMULA, group="school", data=moved, slope="pretest")
    steep = known.variance["slope"] / unit**2
    assert found.variance["slope"] == pytest.approx(steep, rel=1e-6)
    assert found.variance["within"] == pytest.approx(known.variance["within"], rel=1e-7)
    for column in ("estimate", "std_error", "std_error_model"):
        scaled = of_terms(known, column)["pretest"] / unit
        assert of_terms(found, column)["pretest"] == pytest.approx(scaled, rel=1e-6)


def test_a_fit_on_the_boundary_is_ordinary_least_squares(made_up):
    flat = made_up("flat")
    found = fit_multilevel(FORMULA, group="school", data=flat)
    terms = np.column_stack([np.ones(len(flat)), flat["arm"] == "programme", flat["pretest"]])
    known = np.linalg.lstsq(terms, flat["score"], rcond=None)[0]
    assert found.fixed["estimate"].tolist() == pytest.approx(known.tolist(), rel=1e-10)
    assert (found.variance["between"], found.icc, found.singular) == (0, 0, True)
    assert (found.modes[["mode", "sd"]] == 0).all(axis=None)
    assert any(note.startswith("Singular fit") for note in found.notes)


def test_of_several_peaks_the_highest_is_found(made_up):
    # one criterion with two dips: the deeper one lies at the greater variance
    sums = fit_multilevel(FORMULA, group="school", data=made_up("trial")).sums
    kernel = InterceptKernel(sums)

    def at(variance):
        x = np.log(1e-12 + variance)
        return (x**2 - 9) ** 2 - x

    class Two(InterceptKernel):
        def many(self, variances):
            self.seen = variances
            return variances, variances, variances

        def at_variance(self, variance):
            return variance

    def slope(variance):
        x = np.log(1e-12 + variance)
        return (4 * x * (x**2 - 9) - 1) / (1e-12 + variance)

    found = best_of_grid(Two(sums), lambda one, *_: at(one), lambda one: (at(one), slope(one)))
    assert np.log(found[0] ** 2) == pytest.approx(3.0138, abs=1e-3)
    assert kernel.at_variance(0.0).log_det == 0


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("reml", [True, False])
def test_no_grid_beats_a_fit(seed, reml):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 9, 8)
    school = np.repeat(np.arange(8), sizes)
    score = rng.normal(size=8)[school] * rng.choice([0, 0.2, 1]) + rng.standard_t(2, len(school))
    table = pd.DataFrame({"g": school, "y": score, "x": rng.normal(size=len(school))})
    fit = fit_multilevel("y ~ x", group="g", data=table, method="reml" if reml else "ml")
    kernel = InterceptKernel(fit.sums)
    for theta in np.r_[0, np.logspace(-5, 3, 400)]:
        other = log_likelihood(kernel.at(np.array([theta])), fit.sums, reml=reml)
        assert other <= fit.log_likelihood + 1e-10


def test_few_degrees_of_freedom_are_said(trial):
    found = fit_multilevel(FORMULA, group="school", data=trial[trial["school"] <= "s04"])
    assert any("Fewer than 4 degrees of freedom for" in note for note in found.notes)
    assert "Only 4 schools: the variance between schools is hardly known." in found.notes


def test_an_arm_of_one_school_is_said(trial):
    alone = trial.assign(arm=np.where(trial["school"] == "s01", "programme", "control"))
    found = fit_multilevel(FORMULA, group="school", data=alone)
    said = [note for note in found.notes if note.startswith("One school alone tells about")]
    assert len(said) == 1
    assert "arm[T.programme]:" in said[0]
    assert "pretest" not in said[0]


def test_a_declared_arm_without_rows_is_said(trial, fit):
    arms = pd.Categorical(trial["arm"], ["control", "programme", "waiting"])
    found = fit_multilevel(FORMULA, group="school", data=trial.assign(arm=arms))
    assert of_terms(found, "estimate") == of_terms(fit, "estimate")
    assert "arm: no row has the value 'waiting', so the model has no term for it." in found.notes


def test_formulas_may_use_functions(trial):
    found = fit_multilevel(
        "log(score) ~ C(arm, contr.treatment('programme')) + center(pretest) + I(pretest**2)",
        group="school",
        data=trial,
    )
    assert len(found) == 4
    assert found.fixed["term"].tolist()[1] == "C(arm, contr.treatment('programme'))[T.control]"


def test_a_column_may_be_called_as_a_function_is(trial, fit):
    found = fit_multilevel(
        "score ~ arm + exp", group="school", data=trial.rename(columns={"pretest": "exp"})
    )
    assert found.fixed["estimate"].tolist() == pytest.approx(fit.fixed["estimate"].tolist())


def test_kinds_of_columns_that_mean_the_same_give_the_same(trial, fit):
    kinds = trial.assign(
        score=trial["score"].astype("float64[pyarrow]"),
        arm=trial["arm"].astype("string[pyarrow]"),
        pretest=trial["pretest"].astype(object),
        school=trial["school"].str[1:].astype(int),
    )
    found = fit_multilevel(FORMULA, group="school", data=kinds)
    assert of_terms(found, "estimate") == pytest.approx(of_terms(fit, "estimate"), rel=1e-13)
    truth = trial.assign(arm=pd.array(trial["arm"] == "programme", dtype="boolean"))
    found = fit_multilevel(FORMULA, group="school", data=truth)
    assert found.fixed["estimate"].tolist() == pytest.approx(fit.fixed["estimate"].tolist())


def test_without_a_common_intercept_every_arm_has_its_own(trial):
    apart = fit_multilevel("score ~ 0 + arm", group="school", data=trial)
    joint = fit_multilevel("score ~ arm", group="school", data=trial)
    means = of_terms(apart, "estimate")
    assert list(means) == ["arm[control]", "arm[programme]"]
    gap = means["arm[programme]"] - means["arm[control]"]
    assert gap == pytest.approx(of_terms(joint, "estimate")["arm[T.programme]"], rel=1e-9)
    assert apart.log_likelihood == pytest.approx(joint.log_likelihood, rel=1e-12)


def test_a_wider_confidence_gives_wider_intervals(trial, fit):
    wide = fit_multilevel(FORMULA, group="school", data=trial, confidence=0.99)
    for one, two in ((wide.fixed, fit.fixed), (wide.profile().table, fit.profile().table)):
        assert (one["high"] - one["low"] > two["high"] - two["low"]).all()


def test_a_profile_of_a_boundary_fit_reaches_zero(made_up):
    found = fit_multilevel(FORMULA, group="school", data=made_up("flat")).profile()
    between = found.to_frame().set_index("parameter").loc["between"]
    assert (between["estimate"], between["low"]) == (0, 0)
    assert between["high"] > 0
    assert "profile of the full likelihood" in found.notes[0]


def test_conditional_modes_are_drawn_towards_the_mean(trial, fit):
    fitted = of_terms(fit, "estimate")
    expected = (
        fitted["Intercept"]
        + fitted["arm[T.programme]"] * (trial["arm"] == "programme")
        + fitted["pretest"] * trial["pretest"]
    )
    raw = (trial["score"] - expected).groupby(trial["school"]).mean()
    n = trial.groupby("school").size()
    share = n * fit.variance["between"] / (n * fit.variance["between"] + fit.variance["within"])
    modes = fit.modes.set_index("school")
    assert modes["mode"].to_dict() == pytest.approx((share * raw).to_dict(), rel=1e-9)
