"""From a formula and a table to numbers: outcome, terms, schools, and the rows left out."""

from __future__ import annotations

import ast
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench import checks
from careerbench.analysis import groups
from careerbench.analysis.multilevel.columns import usable_column, used_categories
from careerbench.analysis.multilevel.plain import plain_matrices
from careerbench.errors import (
    BadArgumentError,
    MissingColumnsError,
    TableProblemsError,
    counted,
    did_you_mean,
    quoted,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

STEP = "fit_multilevel"
_EXAMPLE = 'fit_multilevel("score ~ arm + pretest", group="school_urn", data=pupils)'
_MOST_CELLS = 50_000_000


@dataclass(frozen=True)
class Design:
    """What a model is fitted to: one row per pupil with nothing missing.

    ``terms`` (rows x terms) holds the fixed effects' columns, ``school`` the number of each
    row's school in ``labels``; ``said`` holds what a reader should know about the rows.
    """

    outcome: NDArray[np.float64]
    terms: NDArray[np.float64]
    names: tuple[str, ...]
    school: NDArray[np.int64]
    labels: pd.Index
    slope: NDArray[np.float64] | None
    n_missing: int
    n_schools_missing: int
    said: tuple[str, ...]


def read_design(formula: str, *, group: str, data: pd.DataFrame, slope: str | None) -> Design:
    """Read the model's columns, leaving out and counting rows with anything missing."""
    parsed = _parse(formula)
    checks.require_frame(data, step=STEP, hint=_EXAMPLE)
    used = _variables(parsed, data)
    needed = _needed(parsed, used, group, data, slope)
    groups.require_plain(data, needed, step=STEP)
    missing = {name: data[name].isna().to_numpy() for name in needed}
    blank = {name: where for name, where in missing.items() if where.any()}
    kept = data if not blank else data.loc[~np.logical_or.reduce(list(blank.values())), needed]
    _require_rows(data, kept, blank)
    school, labels = _schools(kept[group])
    said = [f"Missing values: {_blanks(blank)}."] if blank else []
    ready = {name: usable_column(kept[name], said=said, step=STEP) for name in used}
    outcome, terms, names = _matrices(parsed, formula, ready, len(kept))
    return Design(
        outcome,
        terms,
        names,
        school,
        labels,
        None if slope is None else _slope(kept[slope], school, len(labels)),
        len(data) - len(kept),
        data[group].nunique() - len(labels) if blank else 0,
        tuple(said),
    )


def _parse(formula: str) -> Any:
    """Read a formula; its own random effects are refused, since ``group`` names them."""
    import formulaic
    from formulaic.errors import FormulaicError

    if not isinstance(formula, str) or "~" not in formula or not formula.split("~")[-1].strip():
        raise BadArgumentError(
            f"{STEP}: the formula must be text with an outcome, a '~' and terms.",
            found=repr(formula)[:200],
            hint=_EXAMPLE,
        )
    if "|" in formula:
        raise BadArgumentError(
            f"{STEP}: a formula holds the fixed effects only, so it has no '|'.",
            found=formula,
            hint="group='school_urn' for a random intercept, slope='pretest' for a random slope",
        )
    try:
        parsed = formulaic.Formula(formula)
    except (FormulaicError, SyntaxError) as reason:
        raise BadArgumentError(
            f"{STEP}: the formula cannot be read.", found=formula, hint=_EXAMPLE
        ) from reason
    if not hasattr(parsed, "lhs") or len(parsed.lhs) != 1:
        raise BadArgumentError(
            f"{STEP}: a formula has one outcome on the left of its '~'.",
            found=formula,
            hint=_EXAMPLE,
        )
    if not len(parsed.rhs):
        raise BadArgumentError(
            f"{STEP}: the formula has no term on the right of its '~'.",
            found=formula,
            hint="'score ~ 1' for a mean alone",
        )
    return parsed


def _variables(parsed: Any, data: pd.DataFrame) -> list[str]:
    """Name the columns that a formula uses, those in its functions included."""
    found = set(parsed.required_variables)
    for term in (*parsed.lhs, *parsed.rhs):
        for factor in map(str, term.factors):
            if factor in data.columns:  # a column may be called as a function is, such as exp
                found.add(factor)
                continue
            with suppress(SyntaxError):
                tree = ast.walk(ast.parse(factor, mode="eval"))
                names = {node.id for node in tree if isinstance(node, ast.Name)}
                found |= names & {name for name in data.columns if isinstance(name, str)}
    return sorted(found)


def _needed(
    parsed: Any, used: list[str], group: str, data: pd.DataFrame, slope: str | None
) -> list[str]:
    """Name the columns that the model needs, and refuse what the table has not (or has twice)."""
    for name, value in (("group", group), ("slope", slope)):
        if not (isinstance(value, str) and value) and not (name == "slope" and value is None):
            raise BadArgumentError(
                f"{STEP}: {name} must be the name of one column.",
                found=repr(value)[:200],
                hint="group='school_urn', slope=None or slope='pretest'",
            )
    wanted = [*used, group, *([slope] if slope else [])]
    needed = list(dict.fromkeys(wanted))
    present = list(map(str, data.columns))
    absent = [name for name in needed if name not in data.columns]
    if absent:
        near = did_you_mean(absent[0], present)
        raise MissingColumnsError(
            f"{STEP}: the table has no column {quoted(absent)}.",
            found=quoted(present),
            hint=near if near.startswith("did") else f"{near}, or a function that formulas know",
        )
    twice = [name for name in needed if present.count(name) > 1]
    if twice:
        raise TableProblemsError(
            f"{STEP}: the table has several columns called {quoted(twice)}.",
            found=counted(len(present), "column"),
            hint="a name for each column",
        )
    if group in {str(term) for term in (*parsed.lhs, *parsed.rhs)}:
        raise BadArgumentError(
            f"{STEP}: '{group}' cannot be both the group and a term of the formula.",
            found=f"group='{group}'",
            hint="the formula without it: each school has its own intercept already",
        )
    return needed


def _require_rows(
    data: pd.DataFrame, kept: pd.DataFrame, blank: dict[str, NDArray[np.bool_]]
) -> None:
    """Refuse a table of which nothing is left, and say which column is to blame."""
    if len(kept):
        return
    raise TableProblemsError(
        f"{STEP}: none of the {counted(len(data), 'row')} has a value in every column of the "
        "model.",
        found=f"missing values: {_blanks(blank)}",
        hint="the columns that were asked of these pupils",
    )


def _blanks(blank: dict[str, NDArray[np.bool_]]) -> str:
    """Count the missing values of each column that has any."""
    return ", ".join(f"'{name}' {int(where.sum()):,}" for name, where in blank.items()) or "none"


def _schools(column: pd.Series) -> tuple[NDArray[np.int64], pd.Index]:
    """Give each school a number, in the order of its categories or the order met."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, labels = used_categories(column)
    else:
        codes, labels = pd.factorize(column)
    if len(labels) < 2:
        raise TableProblemsError(
            f"{STEP}: the pupils are all of one school, so nothing can be said about differences "
            "between schools.",
            found=f"{counted(len(column), 'row')}, 1 value of '{column.name}'",
            hint="pupils of at least two schools; below about ten the answer is rough",
        )
    return codes, pd.Index(labels)


def _matrices(
    parsed: Any,
    formula: str,
    ready: dict[str, pd.Series],
    n_rows: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[str, ...]]:
    """Work out the outcome and the columns of the fixed effects."""
    import pandas as pd
    from formulaic.errors import FormulaicError

    _require_few_values(parsed, ready, n_rows)
    plain = plain_matrices(parsed, ready)
    if plain is not None:
        return plain
    frame = pd.DataFrame(ready, index=range(n_rows))
    try:
        with np.errstate(all="ignore"):
            found = parsed.get_model_matrix(frame, context={}, na_action="ignore", output="numpy")
    except (FormulaicError, ArithmeticError, TypeError, ValueError, KeyError) as reason:
        raise BadArgumentError(
            f"{STEP}: the formula cannot be worked out on these columns.",
            found=f"{formula} ({str(reason).splitlines()[0]})" if str(reason) else formula,
            hint=_EXAMPLE,
        ) from reason
    left, right = np.asarray(found.lhs), np.asarray(found.rhs, dtype=np.float64)
    names = tuple(map(str, found.rhs.model_spec.column_names))
    outcome = _outcome(left, found.lhs.model_spec.column_names, ready)
    _require_finite(outcome[:, None], (str(parsed.lhs),))
    _require_finite(right, names)
    if right.shape[1] == 0:
        raise BadArgumentError(
            f"{STEP}: the formula has no term on the right of its '~'.",
            found=formula,
            hint="'score ~ 1' for a mean alone",
        )
    return outcome, right, names


def _require_few_values(parsed: Any, ready: dict[str, pd.Series], n_rows: int) -> None:
    """Refuse a categorical term with so many values that its columns would fill the memory."""
    for term in (*parsed.lhs, *parsed.rhs):
        for factor in map(str, term.factors):
            used = [
                name
                for name in ready
                if factor == name or factor.startswith((f"C({name})", f"C({name},"))
            ]
            for name in used:
                n_values = _n_values(ready[name], plain=factor == name)
                if n_values * n_rows > _MOST_CELLS or n_values > n_rows / 2 > 5:
                    raise BadArgumentError(
                        f"{STEP}: '{name}' has too many different values for a categorical term.",
                        found=f"{counted(n_values, 'value')} in {counted(n_rows, 'row')}",
                        hint=f"'{name}' as a number, or group='{name}'",
                    )


def _n_values(column: pd.Series, *, plain: bool) -> int:
    """Count the columns that a term makes of its values; none where it is taken as a number."""
    if hasattr(column, "cat"):
        return len(column.cat.categories)
    return 0 if plain else column.nunique()


def _outcome(left: NDArray, names: tuple[str, ...], ready: dict[str, pd.Series]) -> NDArray:
    """Return the outcome, which must be one column of numbers."""
    import pandas as pd

    text = [
        name
        for name in ready
        if any(str(column).startswith(f"{name}[") for column in names)
        or (name in names and pd.api.types.is_bool_dtype(ready[name]))
    ]
    if left.ndim != 2 or left.shape[1] != 1 or left.dtype == bool or text:
        raise TableProblemsError(
            f"{STEP}: the outcome must be one column of numbers.",
            found=quoted(map(str, names)) if names else "no column",
            hint="pd.to_numeric(table['score']), once every word has a number or a reason",
        )
    return left[:, 0].astype(np.float64)


def _require_finite(columns: NDArray[np.float64], names: tuple[str, ...]) -> None:
    """Refuse a term that the formula makes infinite or undefined, such as the log of 0."""
    finite = np.isfinite(columns)
    if not finite.all():
        bad = (~finite).sum(axis=0)
        first = int(np.argmax(bad > 0))
        raise TableProblemsError(
            f"{STEP}: '{names[first]}' is infinite or undefined in some rows.",
            found=f"{counted(int(bad[first]), 'row')} of {len(columns):,}",
            hint="values that the formula's functions can take, or a missing value",
        )
    for place, name in enumerate(names):
        groups.require_size(columns[:, place], name=name, step=STEP)


def _slope(column: pd.Series, school: NDArray[np.int64], n_schools: int) -> NDArray[np.float64]:
    """Return the column that has a slope of its own in every school."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(column.dtype):
        column = column.astype("float64")
    values = groups.require_numbers(usable_column(column, said=[], step=STEP), step=STEP)
    highest = np.full(n_schools, -np.inf)
    lowest = np.full(n_schools, np.inf)
    np.maximum.at(highest, school, values)
    np.minimum.at(lowest, school, values)
    if not (highest > lowest).any():
        raise TableProblemsError(
            f"{STEP}: '{column.name}' is the same for all pupils of a school in every school, so "
            "no school has a slope.",
            found=f"{counted(n_schools, 'school')}, none with two different values",
            hint="slope=None, or a column that differs between pupils of one school",
        )
    return values
