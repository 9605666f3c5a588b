"""What a trial is: its rows checked, its arms and schools numbered, its columns scaled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis.groups import require_numbers, require_plain
from careerbench.analysis.trials import columns
from careerbench.errors import (
    BadArgumentError,
    MissingColumnsError,
    TableProblemsError,
    closest,
    counted,
    quoted,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

DESIGNS = ("simple", "cluster", "multisite")
_HINT = "one row per pupil, with the columns of outcome, arm, covariates and group"
_SAME = 1e-10


@dataclass(frozen=True, eq=False)
class Trial:
    """One trial, ready to be estimated; covariates and outcome are centred and scaled.

    ``columns`` holds the covariates and, last, the outcome: one row per pupil used. ``arm`` and
    ``school`` number the arms (0 is the control) and the schools (in order of first appearance).
    """

    columns: NDArray[np.float64]
    arm: NDArray[np.int64]
    school: NDArray[np.int64]
    rows: NDArray[np.int64]
    n_rows: int
    arms: tuple[object, ...]
    schools: tuple[object, ...]
    names: tuple[str, ...]
    scales: tuple[float, ...]
    n_school_columns: int
    missing: Mapping[str, int]
    unused: tuple[object, ...]
    design: str
    step: str

    @property
    def n_pupils(self) -> int:
        """Number of rows used."""
        return len(self.arm)

    @property
    def n_schools(self) -> int:
        """Number of schools; in the simple design each row is a unit of its own."""
        return len(self.schools)

    @property
    def outcome_scale(self) -> float:
        """Points of the outcome in one unit of the scaled one."""
        return self.scales[-1]

    @property
    def n_arms(self) -> int:
        """Number of arms, the control among them."""
        return len(self.arms)


def read_trial(
    data: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    covariates: str | Iterable[str] | None,
    group: str | None,
    design: str,
    control: object,
    step: str,
) -> Trial:
    """Check a trial's table and number what it holds; rows with a blank are left out, counted."""
    checks.require_one_of(design, DESIGNS, name="design", step=step)
    checks.require_frame(data, step=step, hint=_HINT)
    extra = checks.as_names(covariates)
    for name, value in (
        ("outcome", outcome),
        ("arm", arm),
        ("group", "" if group is None else group),
    ):
        checks.require_name(value, name=name, step=step)
    used = [outcome, arm, *extra, *([] if group is None else [group])]
    _require_known(data, used, step=step)
    require_plain(data, used, step=step)
    _require_group(group, design, step=step)
    whole = data[used].reset_index(drop=True)
    missing = {name: int(whole[name].isna().sum()) for name in used}
    frame = whole.dropna()
    if frame.empty:
        raise TableProblemsError(
            f"{step}: no row has a value in every column used.",
            found=", ".join(f"{n} of {len(whole)} missing in '{k}'" for k, n in missing.items()),
            hint="fewer covariates, or a table in which these columns are filled",
        )
    columns.require_arms_kept(whole[arm], frame[arm], name=arm, step=step)
    arm_code, arms = columns.number_arms(frame[arm], control, name=arm, step=step)
    school, schools = columns.number_schools(frame, group)
    adjusting, names = columns.covariate_columns(frame, extra, step=step)
    y = require_numbers(frame[outcome], step=step)
    if np.ptp(y) == 0:
        raise TableProblemsError(
            f"{step}: column '{outcome}' has one value only, so there is no effect to size.",
            found=f"{counted(len(y), 'row')} with the same value",
            hint="an outcome that differs between pupils",
        )
    numbers = np.column_stack([*adjusting, y])
    columns.require_squares(numbers, [*names, str(outcome)], step=step)
    values, scale = columns.scaled(numbers)
    trial = Trial(
        columns=values,
        arm=arm_code,
        school=school,
        rows=frame.index.to_numpy(dtype=np.int64),
        n_rows=len(whole),
        arms=arms,
        schools=schools,
        names=tuple(names),
        scales=tuple(scale.tolist()),
        n_school_columns=_constant_in_schools(values[:, :-1], school),
        missing={name: n for name, n in missing.items() if n},
        unused=columns.unused_arms(whole[arm]),
        design=design,
        step=step,
    )
    _require_design(trial, arm, group)
    _require_apart(trial)
    return trial


def _require_known(data: pd.DataFrame, used: list[str], *, step: str) -> None:
    """Refuse names the table has not, with the nearest it has, and a column in two roles."""
    absent = [name for name in used if name not in data.columns]
    if absent:
        near = closest(absent[0], data.columns)
        raise MissingColumnsError(
            f"{step}: the table has no column {quoted(absent)}.",
            found=quoted(data.columns),
            hint=f"did you mean '{near}'?" if near else _HINT,
        )
    doubled = [name for name in used if list(data.columns).count(name) > 1]
    if doubled:
        raise BadArgumentError(
            f"{step}: the table has more than one column {quoted(doubled)}.",
            found=quoted(data.columns),
            hint="one column of each name",
        )
    twice = sorted({name for name in used if used.count(name) > 1})
    if twice:
        raise BadArgumentError(
            f"{step}: column {quoted(twice)} is named in more than one role.",
            found=quoted(used),
            hint="different columns for outcome, arm, covariates and group",
        )


def _require_group(group: str | None, design: str, *, step: str) -> None:
    if group is None and design != "simple":
        raise BadArgumentError(
            f"{step}: design '{design}' needs group, the column that names the school.",
            found="group=None",
            hint="group='school_urn'",
        )


def _constant_in_schools(columns: NDArray[np.float64], school: NDArray[np.int64]) -> int:
    """Count the covariates that do not vary inside any school."""
    order = np.argsort(school, kind="stable")
    starts = np.flatnonzero(np.diff(school[order], prepend=-1))
    least = np.minimum.reduceat(columns[order], starts, axis=0)
    most = np.maximum.reduceat(columns[order], starts, axis=0)
    return int((least == most).all(axis=0).sum())


def _require_design(trial: Trial, arm: str, group: str | None) -> None:
    """Refuse a table whose arms and schools are not those of the design."""
    cells = np.zeros((trial.n_schools, trial.n_arms), dtype=np.int64)
    np.add.at(cells, (trial.school, trial.arm), 1)
    n_mixed = int(((cells > 0).sum(axis=1) > 1).sum())
    if trial.design == "simple":
        _require_simple(trial, group)
    elif trial.n_schools < 2:
        raise TableProblemsError(
            f"{trial.step}: one school only, so schools cannot be compared.",
            found=f"1 value in '{group}'",
            hint="design='simple' for pupils assigned one by one within one school",
        )
    elif trial.n_pupils == trial.n_schools:
        raise TableProblemsError(
            f"{trial.step}: every school has one row, so differences within and between schools "
            "cannot be told apart.",
            found=f"{trial.n_pupils} rows in {trial.n_schools} schools",
            hint="design='simple' for a table with one row per school",
        )
    elif trial.design == "cluster" and n_mixed:
        raise TableProblemsError(
            f"{trial.step}: column '{arm}' varies within {counted(n_mixed, 'school')}; in a "
            "cluster trial whole schools are assigned.",
            found=f"{n_mixed} of {trial.n_schools} schools with more than one arm",
            hint="design='multisite' for pupils assigned within schools",
        )
    elif trial.design == "multisite" and ((cells > 0)[:, 1:] & (cells[:, :1] > 0)).sum(0).min() < 2:
        raise TableProblemsError(
            f"{trial.step}: fewer than two schools have both the control and each other arm, so "
            "this is not a multisite trial.",
            found=f"{n_mixed} of {trial.n_schools} schools with more than one arm",
            hint="design='cluster' for whole schools assigned",
        )
    elif trial.design == "multisite" and cells.max() == 1:
        raise TableProblemsError(
            f"{trial.step}: no school has two pupils in one arm, so pupils' own spread cannot be "
            "told from that of the schools.",
            found=f"{trial.n_pupils} rows in {trial.n_schools} schools",
            hint="schools with more pupils in each arm",
        )


def _require_simple(trial: Trial, group: str | None) -> None:
    if group is not None and 1 < trial.n_schools < trial.n_pupils:
        raise TableProblemsError(
            f"{trial.step}: the simple design takes rows as independent, but '{group}' has "
            "several rows a school, and pupils of one school are not.",
            found=f"{trial.n_pupils} rows in {trial.n_schools} schools",
            hint="design='cluster' (schools assigned) or design='multisite' (pupils assigned)",
        )


def _require_apart(trial: Trial) -> None:
    """Refuse columns that repeat each other, and more columns than the data can carry."""
    n_columns = trial.n_arms + trial.columns.shape[1] - 1
    n_school_columns = trial.n_arms + trial.n_school_columns
    if trial.n_pupils <= n_columns or (
        trial.design == "cluster" and trial.n_schools <= n_school_columns
    ):
        units, n_units = ("rows", trial.n_pupils), n_columns
        if trial.design == "cluster" and trial.n_schools <= n_school_columns:
            units, n_units = ("schools", trial.n_schools), n_school_columns
        raise TableProblemsError(
            f"{trial.step}: {units[1]} {units[0]} cannot carry {n_units} columns (intercept, arms, "
            "covariates): nothing is left to tell chance by.",
            found=f"{units[1]} {units[0]}",
            hint="fewer covariates, or more schools",
        )
    arms = np.eye(trial.n_arms)[trial.arm][:, 1:]
    known = [np.ones(trial.n_pupils)]
    labels = [*trial.names, *(f"arm {label}" for label in trial.arms[1:])]
    for label, column in zip(labels, np.column_stack([trial.columns[:, :-1], arms]).T, strict=True):
        basis, _ = np.linalg.qr(np.column_stack(known))
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        if rest @ rest < _SAME * (column @ column):
            raise TableProblemsError(
                f"{trial.step}: '{label}' follows from the other columns, so the effect cannot "
                "be told from them.",
                found=quoted(labels),
                hint="covariates that do not repeat each other or the arm",
            )
        known.append(column)
