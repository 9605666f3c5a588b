"""Formulas of plain columns take a shorter way, which must lead to the same numbers."""

import formulaic
import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import fit_multilevel
from careerbench.analysis.multilevel import design, plain

WORDS = ["b", "a", "c", "b", "a", "c"]
TABLE = pd.DataFrame({
    "y": [3.0, 1.0, 4.0, 1.0, 5.0, 9.0],
    "whole": [2, 7, 1, 8, 2, 8],
    "small": np.array([1, 0, 1, 1, 0, 0], dtype="int8"),
    "real": [0.5, 1e9, -3.0, 0.0, 2.5, 1e-9],
    "maybe": pd.array([1.5, 2.5, 0.5, 1.0, 3.0, 2.0], dtype="Float64"),
    "yes": [True, False, True, True, False, False],
    "nullable": pd.array([True, False, True, True, False, False], dtype="boolean"),
    "always": [True] * 6,
    "words": WORDS,
    "kinds": pd.Categorical(WORDS, ["c", "b", "a", "none"]),
    "ranks": pd.Categorical([3, 1, 2, 3, 1, 2], [2, 1, 3], ordered=True),
    "two words": [1.0, 2.0, 4.0, 8.0, 16.0, 32.0],
    "Intercept": [1.0, 2.0, 4.0, 8.0, 16.0, 32.0],
    "school": list("xxyyzz"),
})  # fmt: skip


def both_ways(formula):
    parsed = formulaic.Formula(formula)
    names = design._variables(parsed, TABLE)
    ready = {name: design.usable_column(TABLE[name], said=[], step="") for name in names}
    long = parsed.get_model_matrix(pd.DataFrame(ready), output="numpy", na_action="ignore")
    return plain.plain_matrices(parsed, ready), long


@pytest.mark.parametrize(
    "formula",
    ["y ~ 1", "y ~ whole", "y ~ 1 + small", "whole ~ real + maybe", "y ~ yes + nullable",
     "y ~ words", "y ~ kinds + ranks", "y ~ real + words + yes + whole", "y ~ real + real",
     "maybe ~ words + real", "y ~ y + real", "y ~ always + real**2"],
)  # fmt: skip
def test_the_short_way_gives_formulaics_columns_and_names(formula):
    (outcome, terms, names), long = both_ways(formula)
    assert outcome.tolist() == long.lhs[:, 0].tolist()
    assert names == tuple(long.rhs.model_spec.column_names)
    np.testing.assert_array_equal(terms, np.asarray(long.rhs, dtype=float))


@pytest.mark.parametrize(
    "formula",
    ["y ~ 0 + words", "y ~ real - 1", "y ~ real:words", "y ~ real * yes", "y ~ log(maybe)",
     "log(maybe) ~ real", "y ~ C(whole)", "y ~ `two words`", "y ~ Intercept",
     "yes ~ real", "words ~ real"],
)  # fmt: skip
def test_all_else_goes_the_long_way(formula):
    assert both_ways(formula)[0] is None


def test_both_ways_give_the_same_fit(made_up):
    table = made_up("trial")
    short = fit_multilevel("score ~ arm + pretest", group="school", data=table)
    long = fit_multilevel("score ~ C(arm) + I(1 * pretest)", group="school", data=table)
    columns = ["estimate", "std_error", "df", "low", "high", "p"]
    np.testing.assert_allclose(short.fixed[columns], long.fixed[columns], rtol=1e-12)
    assert short.log_likelihood == pytest.approx(long.log_likelihood, rel=1e-14)
