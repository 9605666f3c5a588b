"""Everything a fit needs to know of its pupils, as sums per school.

The terms are centred, scaled and made orthogonal, and the outcome is what they leave of it, in
units of its own spread. So neither a large mean nor an odd unit costs digits. Each school's rows
are then turned so that the random effects' directions come first (``head``: the root of the
size times the mean, for a random intercept); what is left has the same variance in every
direction, and only its sums of squares and products (``within``) matter to the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.multilevel.design import STEP
from careerbench.analysis.multilevel.tall import (
    inner,
    less_per_school,
    per_school,
    turn_in_place,
)
from careerbench.errors import TableProblemsError, counted, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from careerbench.analysis.multilevel.design import Design

_ALIKE = 1e-10
_NOTHING = 1e-13


@dataclass(frozen=True)
class SchoolSums:
    """Sums per school; columns are the p orthogonal terms and then the outcome.

    ``n`` (schools): rows. ``root`` (schools x d x d): what maps the random effects to ``head``
    (schools x d x (p + 1)). ``rows`` (rows x (p + 1)): what the random effects' directions
    leave, in the order of ``school``; ``within`` their squares and products. ``back`` maps the p
    coefficients to those of the terms as given, ``start`` is to be added, ``scale`` is the unit
    of the outcome, ``log_det`` the log determinant of ``back``. ``shift`` is the mean of the
    slope's column and ``stretch`` its spread.
    """

    n: NDArray[np.float64]
    root: NDArray[np.float64]
    head: NDArray[np.float64]
    rows: NDArray[np.float64]
    within: NDArray[np.float64]
    school: NDArray[np.int64]
    back: NDArray[np.float64]
    start: NDArray[np.float64]
    scale: float
    log_det: float
    shift: float = 0.0
    stretch: float = 1.0

    @property
    def n_rows(self) -> int:
        """Count the pupils."""
        return int(self.n.sum())

    @property
    def n_terms(self) -> int:
        """Count the fixed effects."""
        return len(self.within) - 1


def school_sums(design: Design) -> SchoolSums:
    """Sum a design's rows per school."""
    left, back = _orthogonal(design)
    start, scale = _residual(design, left, back)
    n = np.bincount(design.school, minlength=len(design.labels)).astype(np.float64)
    mean = _take_means(left, design.school, n)
    head, root = np.sqrt(n)[:, None, None] * mean[:, None, :], np.sqrt(n)[:, None, None]
    shift, stretch = 0.0, 1.0
    if design.slope is not None:
        shift, stretch = float(design.slope.mean()), float(design.slope.std())
        slope = (design.slope - shift) / stretch
        root, head, left = _turn_slope(slope, design.school, n, head, left)
    for column in left.T[:-1]:
        if abs(column[0]) < _ALIKE and max(column.max(), -column.min()) < _ALIKE:
            column[:] = 0.0
    sums = SchoolSums(
        n,
        root,
        head,
        left,
        inner(left, left),
        design.school,
        back,
        start,
        scale,
        float(np.linalg.slogdet(back)[1]),
        shift,
        stretch,
    )
    _require_separable(sums)
    return sums


def _take_means(
    columns: NDArray[np.float64], school: NDArray[np.int64], n: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Average each column in each school, and leave in it what differs from that."""
    mean = np.empty((len(n), columns.shape[1]))
    for place, column in enumerate(columns.T):
        if column[0] == column[-1] and (column == column[0]).all():  # the intercept
            mean[:, place], column[:] = column[0], 0.0
            continue
        mean[:, place] = np.bincount(school, column, len(n)) / n
        column -= mean[:, place].take(school)
    return mean


def _orthogonal(design: Design) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn the terms into orthogonal columns of mean square 1, and give the map back.

    There is room for the outcome in the last column.
    """
    terms, n_rows = np.asfortranarray(design.terms), len(design.terms)
    most, least = terms.max(axis=0), terms.min(axis=0)
    spread, top = most - least, np.maximum(most, -least)
    flat = spread <= 16 * np.finfo(float).eps * top
    constant = np.flatnonzero(flat & (top > 0))
    centre = np.zeros(terms.shape[1])
    if len(constant):
        centre = np.where(flat, 0.0, terms.mean(axis=0))
    size = np.where(flat, np.where(top > 0, top, 1.0), spread)
    room = np.empty((n_rows, terms.shape[1] + 1), order="F")
    columns = np.subtract(terms, centre, out=room[:, :-1])
    columns /= size
    to_raw = np.diag(1 / size)
    if len(constant):
        to_raw[constant[0]] -= centre / size / terms[0, constant[0]]
    _require_fewer_terms(columns)
    triangle = _triangle(columns)
    _require_apart(design.names, columns, triangle)
    turn = np.linalg.inv(triangle) * np.sqrt(n_rows)
    turn_in_place(columns, turn)
    return room, to_raw @ turn


def _triangle(columns: NDArray) -> NDArray:
    """Find the triangle that makes columns orthogonal: by their products, or with more care."""
    try:
        triangle = np.linalg.cholesky(inner(columns, columns)).T
    except np.linalg.LinAlgError:
        return np.linalg.qr(columns).R
    pivots, length = np.diagonal(triangle), np.linalg.norm(triangle, axis=0)
    return triangle if (pivots > 1e-4 * length).all() else np.linalg.qr(columns).R


def _require_fewer_terms(columns: NDArray) -> None:
    """Refuse a model that has a term for every row."""
    n_rows, n_terms = columns.shape
    if n_terms >= n_rows:
        raise TableProblemsError(
            f"{STEP}: the model has as many terms as rows.",
            found=f"{counted(n_terms, 'term')}, {counted(n_rows, 'row')}",
            hint="fewer terms",
        )


def _require_apart(names: tuple[str, ...], columns: NDArray, triangle: NDArray) -> None:
    """Refuse terms of which one says what others say."""
    n_terms = len(names)
    length = np.linalg.norm(triangle, axis=0)
    bad = np.flatnonzero(np.abs(np.diagonal(triangle)) <= _ALIKE * np.maximum(length, _NOTHING))
    if not len(bad):
        return
    last = int(bad[0])
    if last == 0:
        others: list[str] = []
    else:
        weight = np.linalg.lstsq(columns[:, :last], columns[:, last], rcond=None)[0]
        others = [names[i] for i in np.flatnonzero(np.abs(weight) > 1e-6)]
    raise TableProblemsError(
        f"{STEP}: '{names[last]}' says nothing that "
        + (f"{quoted(others)} did not say." if others else "a column of zeros does not say."),
        found=f"{counted(n_terms, 'term')} of which {n_terms - len(bad)} are apart",
        hint=f"the formula without '{names[last]}'",
    )


def _residual(design: Design, columns: NDArray, back: NDArray) -> tuple[NDArray[np.float64], float]:
    """Put into the last column what the terms leave of the outcome; give its start and unit."""
    terms, left = columns[:, :-1], columns[:, -1:]
    outcome, n_rows = design.outcome, len(design.outcome)
    spread = outcome.max() - outcome.min()
    if spread <= 0:
        raise TableProblemsError(
            f"{STEP}: the outcome is the same for every pupil, so there is nothing to explain.",
            found=f"1 value in {counted(n_rows, 'row')}",
            hint="an outcome that differs between pupils",
        )
    one = terms.mean(axis=0)
    level = float(outcome.mean()) if abs(one @ one - 1) < _ALIKE else 0.0
    np.subtract(outcome, level, out=left[:, 0])
    explained = level * one
    for _ in range(2):  # the second time takes out what rounding left
        more = inner(terms, left) / n_rows
        for column, amount in zip(terms.T, more[:, 0], strict=True):
            left[:, 0] -= amount * column
        explained = explained + more[:, 0]
    scale = float(np.sqrt(inner(left, left)[0, 0] / n_rows))
    if scale <= _NOTHING * (spread if level else np.abs(outcome).max()):
        raise TableProblemsError(
            f"{STEP}: the terms explain the outcome exactly, so nothing is left to estimate.",
            found="no difference between outcome and fitted values",
            hint="a formula without the outcome among its terms",
        )
    left /= scale
    return back @ explained, scale


def _turn_slope(
    slope: NDArray, school: NDArray, n: NDArray, head: NDArray, left: NDArray
) -> tuple[NDArray, NDArray, NDArray]:
    """Take the slope's direction out of each school's rows as well."""
    mean = np.bincount(school, slope, len(n)) / n
    apart = slope - mean[school]
    length = np.sqrt(np.bincount(school, apart**2, len(n)))
    flat = length <= _ALIKE * np.sqrt(n)
    length = np.where(flat, 0.0, length)
    unit = apart * np.where(flat, 0.0, 1 / np.where(flat, 1.0, length))[school]
    along = per_school(unit[:, None] * left, school, len(n))
    root = np.zeros((len(n), 2, 2))
    root[:, 0, 0], root[:, 0, 1], root[:, 1, 1] = np.sqrt(n), np.sqrt(n) * mean, length
    turned = np.concatenate([head, along[:, None, :]], axis=1)
    return root, turned, less_per_school(left, along, school, unit)


def _require_separable(sums: SchoolSums) -> None:
    """Refuse data in which pupils' and schools' differences cannot be told apart."""
    p, d = sums.n_terms, sums.root.shape[1]
    moving = int(np.linalg.matrix_rank(sums.within[:p, :p], tol=_ALIKE * sums.n_rows))
    directions = int((np.abs(np.diagonal(sums.root, axis1=1, axis2=2)) > 0).sum())
    free_within = sums.n_rows - directions - moving
    free_between = directions - (p - moving)
    sizes = f"{counted(sums.n_rows, 'pupil')} in {counted(len(sums.n), 'school')}"
    if free_within <= 0:
        raise TableProblemsError(
            f"{STEP}: there are too few pupils per school to tell differences between pupils from "
            "differences between schools.",
            found=sizes,
            hint="schools with several pupils each"
            + (", or slope=None" if d > 1 else ", or a model of schools' means without group"),
        )
    if free_between <= 0:
        raise TableProblemsError(
            f"{STEP}: the terms leave nothing to be explained by differences between schools.",
            found=f"{sizes}, {counted(p, 'term')}",
            hint="fewer terms that describe schools, or more schools",
        )
    left = sums.within[p, p]
    if moving:
        solved = np.linalg.lstsq(sums.within[:p, :p], sums.within[:p, p], rcond=None)[0]
        left = left - sums.within[:p, p] @ solved
    if left <= _NOTHING * sums.n_rows:
        raise TableProblemsError(
            f"{STEP}: within schools the outcome does not differ beyond what the terms explain.",
            found=sizes,
            hint="one row per school and a model without group, if the outcome is the school's",
        )
