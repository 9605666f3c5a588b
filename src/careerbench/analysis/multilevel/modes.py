"""What the model expects of each school: conditional modes, drawn towards the mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.multilevel.design import STEP
from careerbench.analysis.multilevel.likelihood import Kernel, freedom, lower_triangle
from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.analysis.multilevel.sums import SchoolSums

COLUMNS = ("n_pupils", "mode", "sd", "low", "high")
SLOPE_COLUMNS = ("slope_mode", "slope_sd", "slope_low", "slope_high")


def require_free_name(group: str) -> None:
    """Refuse a group called as a column of the conditional modes is."""
    if group in (*COLUMNS, *SLOPE_COLUMNS):
        raise BadArgumentError(
            f"{STEP}: the group's column is called '{group}', which the table of conditional modes "
            "has a column for itself.",
            found=f"group='{group}'",
            hint=f"data.rename(columns={{'{group}': 'school_urn'}})",
        )


def conditional_modes(
    labels: pd.Index,
    kernel: Kernel,
    theta: NDArray[np.float64],
    *,
    reml: bool,
    group: str,
    confidence: float,
) -> pd.DataFrame:
    """Tabulate each school's conditional mode and standard deviation, the fixed effects known."""
    from statistics import NormalDist

    import pandas as pd

    sums, point = kernel.sums, kernel.at(theta)
    within = point.rss / freedom(sums, reml=reml)
    head = sums.head[:, :, -1] - sums.head[:, :, :-1] @ point.coefficients
    lower, d = lower_triangle(theta), len(lower_triangle(theta))
    turned = sums.root @ lower
    spread = np.linalg.inv(np.eye(d) + turned.transpose(0, 2, 1) @ turned)
    out = as_given(sums) @ lower
    modes = sums.scale * np.einsum("ab,jbc,jdc,jd->ja", out, spread, turned, head)
    variance = sums.scale**2 * within * np.einsum("ab,jbc,ac->ja", out, spread, out)
    sd = np.sqrt(np.maximum(variance, 0.0))
    reach = NormalDist().inv_cdf((1 + confidence) / 2)
    found: dict[str, object] = {group: labels, "n_pupils": sums.n.astype(np.int64)}
    for place, prefix in zip(range(d), ("", "slope_"), strict=False):
        found[f"{prefix}mode"] = modes[:, place]
        found[f"{prefix}sd"] = sd[:, place]
        found[f"{prefix}low"] = modes[:, place] - reach * sd[:, place]
        found[f"{prefix}high"] = modes[:, place] + reach * sd[:, place]
    return pd.DataFrame(found)


def as_given(sums: SchoolSums) -> NDArray[np.float64]:
    """Map the random effects of the centred, scaled slope to those of the slope as given."""
    if sums.root.shape[1] == 1:
        return np.eye(1)
    return np.array([[1.0, -sums.shift / sums.stretch], [0.0, 1 / sums.stretch]])
