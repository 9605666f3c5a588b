"""Which schools and pupils each replicate holds: drawn by a seed, or given and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

    from careerbench.analysis.trials.design import Trial
    from careerbench.analysis.trials.sums import Base

Draw = tuple["NDArray", ...]
MOST = 1_000_000
_CELLS = 3_000_000
_TRIES = 100


def require_number(n: object, *, step: str) -> int:
    """Refuse a number of replicates that is none, or more than anyone needs."""
    whole = isinstance(n, int | np.integer) and not isinstance(n, bool)
    if not whole or not 0 < int(n) <= MOST:  # type: ignore[call-overload]
        raise BadArgumentError(
            f"{step}: n must be a whole number of replicates, from 1 to {MOST:,}.",
            found=repr(n),
            hint="n=1000",
        )
    return int(n)  # type: ignore[call-overload]


def require_seed(seed: object, *, step: str) -> None:
    """Refuse a seed that is no whole number from 0 up."""
    whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    if seed is not None and not (whole and int(seed) >= 0):  # type: ignore[call-overload]
        raise BadArgumentError(
            f"{step}: seed must be a whole number from 0 up, or None.",
            found=repr(seed),
            hint="seed=1",
        )


def chunks(n: int, trial: Trial, base: Base) -> list[slice]:
    """Cut the replicates into parts that fit in memory."""
    n_schools, n_cells = base.shape
    largest = int(base.cells.size.sum(axis=2).max())
    columns = trial.n_arms + trial.columns.shape[1]
    heaviest = max(
        trial.n_pupils * 2, n_schools * largest, n_schools * n_cells * columns * (columns + 1) // 2
    )
    width = max(1, _CELLS // heaviest)
    return [slice(start, min(start + width, n)) for start in range(0, n, width)]


def n_units(trial: Trial) -> int:
    """Count what is drawn as a school: schools, or rows in the simple design."""
    return trial.n_pupils if trial.design == "simple" else trial.n_schools


def drawer(trial: Trial, base: Base, resample: str) -> Callable[[Generator, int], Draw]:
    """Give the function that draws some replicates; positions count the rows used."""
    units = n_units(trial)
    size = base.cells.size[0].sum(axis=1).astype(np.int64)
    first = np.zeros(units, dtype=np.int64)
    first[1:] = np.cumsum(size)[:-1]
    by_school = np.argsort(trial.school, kind="stable")

    def schools(rng: Generator, n: int) -> Draw:
        return (rng.integers(0, units, (n, units)),)

    def pupils(rng: Generator, n: int) -> Draw:
        if trial.design == "simple":
            return (rng.integers(0, trial.n_pupils, (n, trial.n_pupils)),)
        place = np.repeat(first, size) + rng.integers(0, np.repeat(size, size), (n, size.sum()))
        return (by_school[place],)

    def both(rng: Generator, n: int) -> Draw:
        drawn = rng.integers(0, units, (n, units))
        return drawn, rng.integers(0, size[drawn][:, :, None], (n, units, int(size.max())))

    def residuals(rng: Generator, n: int) -> Draw:
        pupil = rng.integers(0, trial.n_pupils, (n, trial.n_pupils))
        return (rng.integers(0, units, (n, units)), pupil) if trial.design != "simple" else (pupil,)

    def wild(rng: Generator, n: int) -> Draw:
        return (1.0 - 2.0 * rng.integers(0, 2, (n, units)),)

    return {
        "schools": schools,
        "pupils": pupils,
        "both": both,
        "residuals": residuals,
        "wild": wild,
    }[resample]


def redrawn(
    draw: Callable[[Generator, int], Draw],
    usable: Callable[[Draw], NDArray[np.bool_]],
    rng: Generator,
    n: int,
) -> tuple[Draw, int]:
    """Draw some replicates, and again those without one of the arms; count how often."""
    drawn, again = draw(rng, n), 0
    for _ in range(_TRIES):
        bad = np.flatnonzero(~usable(drawn))
        if not len(bad):
            break
        again += len(bad)
        for part, fresh in zip(drawn, draw(rng, len(bad)), strict=True):
            part[bad] = fresh
    return drawn, again


def read_draws(draws: object, trial: Trial, base: Base, resample: str) -> Draw:
    """Check given draws and turn row positions of the table into positions of the rows used."""
    units, pupils = n_units(trial), trial.n_pupils
    size = base.cells.size[0].sum(axis=1).astype(np.int64)
    step = trial.step
    if resample == "wild":
        return (_array(draws, (units,), "draws", step=step, whole=False),)
    if resample == "schools":
        return (_positions(draws, (units,), units, "draws", step=step),)
    if resample == "pupils" or (resample == "residuals" and trial.design == "simple"):
        return (_rows(draws, trial, "draws", own_school=resample == "pupils"),)
    if isinstance(draws, np.ndarray) or not isinstance(draws, tuple | list) or len(draws) != 2:
        raise BadArgumentError(
            f"{step}: draws for resample='{resample}' are a pair of arrays: (schools, pupils).",
            found=type(draws).__name__,
            hint="draws=(schools, pupils), as the docstring gives their shapes",
        )
    schools = _positions(draws[0], (units,), units, "draws[0]", step=step)
    if resample == "residuals":
        second = _rows(draws[1], trial, "draws[1]", own_school=False)
    else:
        second = _inside(draws[1], schools, size, step=step)
    if len(second) != len(schools):
        raise BadArgumentError(
            f"{step}: draws for schools and pupils have different numbers of replicates.",
            found=f"{len(schools)} and {len(second)}",
            hint=f"{pupils} pupils and {units} schools for each replicate",
        )
    return schools, second


def _array(value: object, shape: tuple[int, ...], name: str, *, step: str, whole: bool) -> NDArray:
    """Read an array with one row per replicate and the shape asked for."""
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        array = np.empty(0, dtype=object)
    right = array.ndim == len(shape) + 1 and array.shape[1:] == shape and len(array) > 0
    if not right or array.dtype.kind not in ("iu" if whole else "iuf"):
        raise BadArgumentError(
            f"{step}: {name} must be an array of {'whole ' if whole else ''}numbers of shape "
            f"(n, {', '.join(str(side) for side in shape)}).",
            found=f"shape {array.shape}, type {array.dtype}",
            hint="one row per replicate; the docstring says what its columns are",
        )
    if len(array) > MOST:
        require_number(len(array), step=step)
    if not whole and not np.isfinite(array).all():
        raise BadArgumentError(
            f"{step}: {name} holds values that are not finite.",
            found=f"{int((~np.isfinite(array)).sum())} of {array.size}",
            hint="1 and -1",
        )
    return array if whole else array.astype(np.float64)


def _positions(
    value: object, shape: tuple[int, ...], end: int, name: str, *, step: str
) -> NDArray[np.int64]:
    array = _array(value, shape, name, step=step, whole=True)
    if array.min() < 0 or array.max() >= end:
        raise BadArgumentError(
            f"{step}: {name} holds positions outside 0 to {end - 1}.",
            found=f"{array.min()} to {array.max()}",
            hint="positions from 0, in the order of the record's schools or the table's rows",
        )
    return array.astype(np.int64)


def _rows(value: object, trial: Trial, name: str, *, own_school: bool) -> NDArray[np.int64]:
    """Read positions of rows in the table as given, as positions among the rows used."""
    shaped = getattr(value, "shape", ()) or (0, trial.n_pupils)
    width = shaped[-1] if own_school else trial.n_pupils
    shape = (int(width),)
    given = _positions(value, shape, trial.n_rows, name, step=trial.step)
    place = np.full(trial.n_rows, -1)
    place[trial.rows] = np.arange(trial.n_pupils)
    found = place[given]
    if (found < 0).any():
        raise BadArgumentError(
            f"{trial.step}: {name} names rows that are left out because of a blank.",
            found=f"{len(np.unique(given[found < 0]))} such rows",
            hint="table.dropna(subset=[...]) before drawing",
        )
    return found


def _inside(
    value: object, schools: NDArray[np.int64], size: NDArray[np.int64], *, step: str
) -> NDArray[np.int64]:
    """Read positions of pupils inside the school drawn; beyond its size is not read."""
    shape = (schools.shape[1], int(size.max()))
    array = _array(value, shape, "draws[1]", step=step, whole=True).astype(np.int64)
    if len(array) != len(schools):
        return array
    used = np.arange(shape[1]) < size[schools][:, :, None]
    if (((array < 0) | (array >= size[schools][:, :, None])) & used).any():
        raise BadArgumentError(
            f"{step}: draws[1] holds positions outside the school drawn.",
            found=f"{array.min()} to {array.max()}",
            hint="positions from 0 to the school's number of pupils less one",
        )
    return array
