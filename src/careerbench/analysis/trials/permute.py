"""How often chance alone gives an effect as large."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis.trials import draws as drawing
from careerbench.analysis.trials import effects, sums
from careerbench.analysis.trials.bootstrap import add_percentiles, gathered, units
from careerbench.analysis.trials.design import read_trial
from careerbench.analysis.trials.estimate import described, effect_table, ordered
from careerbench.analysis.trials.results import PermutedEffect
from careerbench.errors import BadArgumentError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.analysis.trials.design import Trial
    from careerbench.analysis.trials.sums import Base, Cells

_TIE = 1e-9


def permute_effect(
    data: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    covariates: str | Iterable[str] | None = (),
    group: str | None = None,
    design: str = "cluster",
    control: object = None,
    n: int = 1000,
    seed: int | None = None,
    assignments: object = None,
    confidence: float = 0.95,
) -> PermutedEffect:
    """Test the effect of a trial by assigning arms anew, as they were assigned.

    Parameters
    ----------
    data, outcome, arm, covariates, group, design, control
        As for :func:`trial_effect`.
    n : int, default 1000
        Number of permutations, at most a million; with ``assignments`` their number counts.
    seed : int, optional
        Makes the permutations repeatable.
    assignments : array, optional
        Arm labels as in ``data``, one row per permutation: ``(n, n_schools)`` in the order of the
        record's ``schools`` (cluster; the order they first appear among the rows used), or
        ``(n, rows)`` with one label for every row of ``data`` as given (multisite, simple; labels
        of rows left out are not looked at).
    confidence : float, default 0.95
        ``low`` to ``high`` hold this share of the permuted effects.

    Returns
    -------
    PermutedEffect
        As :func:`trial_effect`, with ``p`` (two-sided), ``low`` and ``high`` of the effects under
        no effect, ``n_extreme``, ``n_replicates`` and ``n_failed``; ``replicates`` is a frame with
        one row per permutation and row of the table.

    Raises
    ------
    MissingColumnsError, TableProblemsError, BadArgumentError
        As :func:`trial_effect`; also where assignments have another shape or unknown arms.

    Notes
    -----
    Arms are shuffled over schools (cluster), over pupils within each school (multisite) or over
    rows (simple), so that each arm keeps its number, and both models are refitted to each.
    ``p`` is ``(1 + n_extreme) / (1 + n_replicates)`` [1]_, where a permuted effect is extreme if
    it is as far from zero as the trial's own, ties to a billionth counted as such.

    References
    ----------
    .. [1] Phipson, B. and Smyth, G. K. (2010). Statistical Applications in Genetics and Molecular
       Biology, 9(1), 39.

    Examples
    --------
    >>> import pandas as pd
    >>> pupils = pd.DataFrame({
    ...     "school_urn": list("aaabbbcccddd"), "arm": ["control"] * 6 + ["programme"] * 6,
    ...     "score": [3, 5, 4, 6, 7, 4, 6, 8, 7, 7, 9, 8],
    ... })
    >>> found = permute_effect(pupils, outcome="score", arm="arm", group="school_urn", seed=1, n=99)
    >>> found.to_frame()[["arm", "denominator", "variance", "n_replicates"]].head(1)
             arm denominator     variance  n_replicates
    0  programme      within  conditional            99
    """
    step = "permute_effect"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    n = drawing.require_number(n, step=step)
    drawing.require_seed(seed, step=step)
    trial = read_trial(
        data,
        outcome=outcome,
        arm=arm,
        covariates=covariates,
        group=group,
        design=design,
        control=control,
        step=step,
    )
    base = sums.base_of(trial)
    sizes = effects.estimate(trial, base.cells)
    table = effect_table(trial, base.cells, sizes)
    replicates = _replicates(trial, base, (n, seed, assignments))
    estimates, reasons = gathered(trial, replicates, empty=sizes.empty)
    add_percentiles(table, estimates, confidence)
    own = np.abs(table["estimate"].to_numpy())
    table["n_extreme"] = (np.abs(estimates) >= own * (1 - _TIE)).sum(axis=0)
    table["p"] = (1 + table["n_extreme"]) / (1 + table["n_replicates"])
    return PermutedEffect(
        ordered(table.drop(columns="df")).drop(columns="std_error"),
        confidence=confidence,
        interval="permutation",
        seed=seed,
        given=assignments is not None,
        schools=units(trial),
        estimates=estimates,
        reasons=reasons,
        n_redrawn=0,
        **described(trial, sizes, outcome=outcome, arm=arm, covariates=covariates, group=group),
    )


def _replicates(trial: Trial, base: Base, asked: tuple[int, int | None, object]) -> Iterator[Cells]:
    """Give the sums of the permutations, some at a time."""
    n, seed, assignments = asked
    if assignments is not None:
        given = _read(assignments, trial)
        for part in drawing.chunks(len(given), trial, base):
            yield _assigned(trial, base, given[part])
        return
    rng = np.random.default_rng(seed)
    for part in drawing.chunks(n, trial, base):
        yield _assigned(trial, base, _shuffled(trial, base, rng, part.stop - part.start))


def _shuffled(trial: Trial, base: Base, rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    """Shuffle the arms over schools, over rows, or over the rows of each school."""
    if trial.design != "multisite":
        order = rng.random((n, base.shape[0])).argsort(axis=1)
        return base.cells.arm[0, :, 0][order]
    by_school = np.argsort(trial.school, kind="stable")
    ranks = (trial.school + rng.random((n, trial.n_pupils))).argsort(axis=1, kind="stable")
    codes = np.empty((n, trial.n_pupils), dtype=np.int64)
    codes[:, by_school] = trial.arm[ranks]
    return codes


def _read(assignments: object, trial: Trial) -> NDArray[np.int64]:
    """Check given arm labels and turn them into numbers of arms."""
    cluster = trial.design == "cluster"
    width = trial.n_schools if cluster else trial.n_rows
    try:
        labels = np.asarray(assignments)
    except ValueError:
        labels = np.empty(0, dtype=object)
    if labels.ndim != 2 or labels.shape[1] != width or not len(labels):
        raise BadArgumentError(
            f"{trial.step}: assignments must be an array of arm labels of shape (n, {width}).",
            found=f"shape {labels.shape}",
            hint="one column per " + ("school, in the order of the rows" if cluster else "row"),
        )
    if not cluster:
        labels = labels[:, trial.rows]
    codes = np.full(labels.shape, -1, dtype=np.int64)
    for code, label in enumerate(trial.arms):
        codes[np.asarray(labels == label, dtype=bool)] = code
    if (codes < 0).any():
        raise BadArgumentError(
            f"{trial.step}: assignments hold labels that are no arm of the trial.",
            found=quoted(sorted({str(label) for label in labels[codes < 0].ravel()[:50]})),
            hint=quoted(trial.arms),
        )
    return codes


def _assigned(trial: Trial, base: Base, codes: NDArray[np.int64]) -> Cells:
    """Sum the trial up with other arms: the outcomes and covariates stay as they are."""
    n = len(codes)
    if trial.design != "multisite":
        weight = np.ones((n, base.shape[0]))
        within = np.repeat(base.cells.within, n, axis=0)
        return replace(base.cells, weight=weight, arm=codes[:, :, None], within=within)
    n_schools, n_cells = base.shape
    school_mean = base.cells.schools().mean[0, :, 0]
    deviation = trial.columns - school_mean[trial.school]
    place = (np.arange(n)[:, None] * n_schools + trial.school) * n_cells + codes
    length = n * n_schools * n_cells
    count = np.bincount(place.ravel(), minlength=length)
    shape = (n, n_schools, n_cells)
    size = count.reshape(shape).astype(np.float64)
    shift = np.empty((*shape, deviation.shape[1]))
    for column in range(deviation.shape[1]):
        weights = np.broadcast_to(deviation[:, column], place.shape).ravel()
        total = np.bincount(place.ravel(), weights, minlength=length)
        shift[..., column] = (total / np.maximum(count, 1)).reshape(shape)
    lost = np.einsum("rjc,rjcv,rjcw->rvw", size, shift, shift, optimize=True)
    return replace(
        base.cells,
        weight=np.ones((n, n_schools)),
        size=size,
        mean=shift + school_mean[None, :, None],
        within=deviation.T @ deviation - lost,
    )
