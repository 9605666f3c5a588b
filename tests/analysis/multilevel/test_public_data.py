"""The fits meet published lme4 results on public data (shared/data beside the project)."""

import re

import pandas as pd
import pytest

from careerbench.analysis import fit_multilevel

FILES = {
    "Exam": "mlmRev_Exam",
    "Hsb82": "mlmRev_Hsb82",
    "crtData": "eefAnalytics_crtData",
    "mstData": "eefAnalytics_mstData",
}
MODEL = re.compile(r"(RE)?ML (?P<formula>.+) \+ \((?P<slope>\S+) ?\|(?P<group>\w+)\)")
NAMES = {"(Intercept)": "Intercept", "sectorCatholic": "sector[T.Catholic]"}


@pytest.fixture(scope="module")
def folder(shared_data):
    found = shared_data / "multilevel_trials"
    if not found.is_dir():
        pytest.skip("the multilevel data beside the project are not here")
    return found


@pytest.fixture(scope="module")
def references(folder):
    return pd.read_csv(folder / "reference_results_lme4.csv")


def term(name):
    parts = [NAMES.get(part, part) for part in name.split(":")]
    return ":".join(parts)


@pytest.mark.parametrize("data", FILES)
def test_every_published_model_is_met(folder, references, data):
    table = pd.read_csv(folder / f"{FILES[data]}.csv.gz")
    if "sector" in table.columns:
        table["sector"] = pd.Categorical(table["sector"], ["Public", "Catholic"])
    models = references[references["dataset"] == data].groupby("model", sort=False)
    assert len(models)
    for model, rows in models:
        said = MODEL.fullmatch(model)
        slope, group = said["slope"], said["group"]
        fit = fit_multilevel(
            said["formula"],
            group=group,
            data=table,
            method="reml" if model.startswith("REML") else "ml",
            slope=None if slope == "1" else slope,
        )
        known = dict(zip(rows["parameter"], rows["value"], strict=True))
        found = fit.fixed.set_index("term")
        for name in [name for name in known if name.startswith(("beta_", "se_"))]:
            kind, _, raw = name.partition("_")
            column = "estimate" if kind == "beta" else "std_error_model"
            other = ":".join(reversed(term(raw).split(":")))
            row = found.loc[term(raw) if term(raw) in found.index else other]
            assert row[column] == pytest.approx(known[name], rel=5e-5, abs=1e-6)
        variances = {f"var_{group}_(Intercept)": "between", "var_Residual": "within"}
        variances |= {f"var_{group}_{slope}": "slope", f"cov_{group}": "covariance"}
        for name, ours in variances.items():
            if name in known:
                assert fit.variance[ours] == pytest.approx(
                    known[name], rel=2e-3
                )  # lme4's optimiser
        assert -2 * fit.log_likelihood == pytest.approx(known["minus2ll"], rel=1e-7)
        assert fit.n_pupils == known["nobs"]
