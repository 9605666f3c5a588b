"""The table of a model's fixed effects, with both kinds of standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis import intervals
from careerbench.analysis.multilevel.likelihood import Kernel, freedom
from careerbench.analysis.multilevel.satterthwaite import model_freedom

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.analysis.multilevel.robust import RobustErrors


def fixed_table(
    names: tuple[str, ...],
    kernel: Kernel,
    theta: NDArray[np.float64],
    robust: RobustErrors,
    *,
    reml: bool,
    std_errors: str,
    confidence: float,
) -> pd.DataFrame:
    """Tabulate the fixed effects with both kinds of standard error."""
    import pandas as pd
    from scipy.special import stdtr

    sums, point = kernel.sums, kernel.at(theta)
    estimate = sums.start + sums.scale * (sums.back @ point.coefficients)
    within = point.rss / freedom(sums, reml=reml)
    spread = np.einsum("ki,ij,kj->k", sums.back, point.inverse, sums.back)
    errors = {
        "model": (sums.scale * np.sqrt(within * spread), model_freedom(kernel, theta, reml=reml)),
        "cr2": (robust.std_error, robust.df),
    }
    error, df = errors[std_errors]
    error = np.where(error > 0, error, np.nan)
    low, high = intervals.t_interval(estimate, error, df, confidence=confidence)
    p = 2 * stdtr(np.where(df > 0, df, np.nan), -np.abs(estimate / error))
    return pd.DataFrame(
        {
            "term": list(names),
            "estimate": estimate,
            "std_error": error,
            "df": df,
            "low": low,
            "high": high,
            "p": p,
            "std_error_cr2": errors["cr2"][0],
            "df_cr2": errors["cr2"][1],
            "std_error_model": errors["model"][0],
            "df_model": errors["model"][1],
        }
    )
