"""``protect``: one table of counts in, a table that may be seen out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.disclosure.axes import ALL
from careerbench.disclosure.cube import build_cube
from careerbench.disclosure.parse import Policy
from careerbench.disclosure.perturb import perturbed, rounded
from careerbench.disclosure.policy import load_policy
from careerbench.disclosure.protection import protect_cells
from careerbench.disclosure.reading import (
    all_forms,
    finest,
    forms_given,
    impossible_cells,
    read_counts,
    read_dimensions,
    too_few,
)
from careerbench.disclosure.released import Released, Verdict, fingerprint
from careerbench.errors import BadArgumentError, DisclosureError, TableProblemsError, counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from careerbench.disclosure.axes import Dimension
    from careerbench.disclosure.cells import Cells
    from careerbench.disclosure.cube import Cube


def protect(
    table: pd.DataFrame,
    *,
    by: str | Sequence[str | tuple[str, ...]],
    count: str = "n",
    policy: str | Path | Policy = "default",
    unit: str = "pupils",
    answer: str | None = None,
    margins: bool = False,
    also: Mapping[str, str] | None = None,
    key: bytes | None = None,
) -> Released:
    """Make one table of counts safe to be seen.

    Parameters
    ----------
    table : DataFrame
        One row per cell. Rows in which a dimension is ``All`` are margins: they must be the sums of
        the cells. Combinations that are not listed count 0.
    by : str or sequence
        The dimension columns. A tuple such as ``("la_name", "school_urn")`` is a hierarchy,
        coarse to fine.
    count : str, default "n"
        The column of counts: whole numbers of 0 or more.
    policy : str, Path or Policy, default "default"
        What must not be seen: see ``load_policy``.
    unit : str, default "pupils"
        What is counted: ``pupils``, ``respondents`` or ``schools``.
    answer : str, optional
        The dimension that holds answers. Groups with nobody in them are then known to be empty
        (``z``); without it only categories that are empty throughout are, and every other 0 is
        taken for an answer.
    margins : bool, default False
        Also give every margin.
    also : mapping of str to str, optional
        Other units that stand behind each count, and their columns, such as
        ``{"schools": "n_schools"}``: a cell with too few of them is hidden like a small count.
        Such numbers do not add up, so the table must list its margins itself.
    key : bytes, optional
        The stored secret of a cell-key policy, 16 bytes or more; the same key gives the same cell
        the same figure in every table.

    Returns
    -------
    Released
        A row per cell: the dimension columns, the count (blank where hidden) and its reason.

    Raises
    ------
    MissingColumnsError, TableProblemsError
        If columns are missing, or counts are missing, negative, not whole, repeated, or do not add
        up to the margins.
    DisclosureError
        If a hierarchy does not nest, or the policy has no rule for the unit.

    Notes
    -----
    Promised under suppression: given everything in this table, the interval of every count below
    the threshold, listed or not, is at least the policy's width, for an attacker who knows what
    ``policy.assumptions`` say. Not promised: anything about this table together with another one
    that was protected by itself. Tables that share pupils belong in one table, or in one release.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({"school": ["A", "A", "B", "B"], "sex": ["F", "M", "F", "M"],
    ...                        "n": [4, 30, 20, 25]})
    >>> released = protect(counts, by=["school", "sex"])
    >>> released.to_frame()["n"].tolist()
    [<NA>, 30, 20, 25]
    >>> protect(counts, by=["school", "sex"], margins=True).to_frame()["n"].isna().sum()
    np.int64(4)
    """
    step = "protect"
    policy = policy if isinstance(policy, Policy) else load_policy(policy)
    dimensions = read_dimensions(by, answer, step=step)
    names = [name for dimension in dimensions for name in dimension.names]
    frame = read_counts(table, names, count, step=step)
    _require_unit(policy, unit)
    few = too_few(table, frame, also, policy, margins=margins, step=step)
    base = finest(frame, dimensions, step=step)
    forms = all_forms(dimensions) if margins else forms_given(frame, dimensions, step=step)
    if base.empty:
        _require_nobody(frame)
        return _nobody(frame, names, count, policy, answer)
    cube = build_cube(base, dimensions, policy=policy, unit=unit, publish=forms.__contains__)
    _require_sums(frame, cube, names)
    if policy.method == "rounding":
        made = rounded(cube, policy)
    elif policy.method == "cell_key":
        made = perturbed(cube, base, names, policy, key)
    else:
        made = _suppressed(cube, policy, few, unit, dimensions)
    values, certificate = made
    impossible = impossible_cells(cube.positions, frame, names)
    out = _table(cube, values, impossible, names, count, policy)
    certificate |= {"sha256": fingerprint(out), "policy": policy.id, "unit": unit}
    verdict = Verdict.SAFE if policy.method == "suppression" else Verdict.UNSAFE
    verdict = Verdict.SAFE if certificate.get("additive") else verdict
    return Released(out, tuple(names), count, policy, certificate, verdict, answer)


def _suppressed(
    cube: Cube, policy: Policy, few: pd.DataFrame, unit: str, dimensions: Sequence[Dimension]
) -> tuple[pd.Series, dict[str, Any]]:
    """Hide, and certify.

    How many cells are small is not certified: with 4 hidden and 4 of them small, each is below the
    threshold, and two that add up to 16 are 7 to 9.
    """
    import pandas as pd

    cells, width = _told(_with_few(cube, few), cube, dimensions), policy.width_of(unit)
    done = protect_cells(cells, width=width)
    n_open = int((~done.proven).sum())
    if n_open:
        raise DisclosureError(
            f"protect: {counted(n_open, 'count')} could not be proved safe.",
            found=f"{len(cells)} cells",
            hint="a coarser table, or a smaller width in a policy of your own",
        )
    hidden = done.hidden[cube.same]
    values = pd.Series(cube.counts).astype("Int64").mask(hidden)
    return values, {
        "n_cells": int(cube.published.sum()),
        "n_hidden": int((hidden & cube.published).sum()),
        "n_narrow": 0,
        "width": width,
        "assumptions": list(policy.assumptions),
        "promises": [
            "Given everything in this table, no count below the threshold can be narrowed down to "
            f"fewer than {width} steps.",
        ],
    }


def _with_few(cube: Cube, few: pd.DataFrame) -> Cells:
    """Protect the cells that too few other units stand behind, too."""
    if few.empty:
        return cube.cells
    names = list(few.columns)
    found = cube.positions[names].merge(few, on=names, how="left", indicator=True)
    sensitive = cube.cells.sensitive.copy()
    sensitive[cube.same[(found["_merge"] == "both").to_numpy()]] = True
    return replace(cube.cells, sensitive=sensitive)


def _told(cells: Cells, cube: Cube, dimensions: Sequence[Dimension]) -> Cells:
    """Count in what ``z`` tells of the rest: a group that is not marked so has somebody in it.

    Without an answer dimension that is said of categories, each by itself.
    """
    told = ~cube.is_answer
    if not any(dimension.answer for dimension in dimensions):
        coarsest = [dimension.columns[0] for dimension in dimensions]
        told = (cube.positions[coarsest] != ALL).sum(axis=1).to_numpy() < 2
    floor = cells.floor.copy()
    np.maximum.at(floor, cube.same, told.astype(np.int64))
    return replace(cells, floor=floor)


def _table(
    cube: Cube,
    values: pd.Series,
    impossible: pd.DataFrame,
    names: list[str],
    count: str,
    policy: Policy,
) -> pd.DataFrame:
    """Lay out what is published; hidden is blank, and never 0."""
    import pandas as pd

    out = cube.positions.loc[cube.published, names].reset_index(drop=True)
    shown = values[cube.published].reset_index(drop=True)
    out[count] = shown
    out[f"{count}_reason"] = np.where(shown.isna(), policy.symbols["hidden"], "")
    nobody = impossible.assign(
        **{
            count: pd.array([pd.NA] * len(impossible), dtype="Int64"),
            f"{count}_reason": policy.symbols["impossible"],
        }
    )
    whole = pd.concat([out, nobody], ignore_index=True) if len(nobody) else out
    whole[f"{count}_reason"] = whole[f"{count}_reason"].astype("str")
    return whole


def _nobody(
    frame: pd.DataFrame, names: list[str], count: str, policy: Policy, answer: str | None
) -> Released:
    """Release a table in which there is nobody."""
    import pandas as pd

    out = frame[names].copy()
    out[count] = pd.array([pd.NA] * len(out), dtype="Int64")
    out[f"{count}_reason"] = pd.array([policy.symbols["impossible"]] * len(out), dtype="str")
    none = dict.fromkeys(("n_hidden", "n_narrow"), 0)
    certificate = {
        "n_cells": len(out),
        **none,
        "width": policy.width,
        "assumptions": list(policy.assumptions),
        "promises": ["There is nobody in this table."],
        "policy": policy.id,
        "sha256": fingerprint(out),
    }
    return Released(out, tuple(names), count, policy, certificate, Verdict.SAFE, answer)


def _require_unit(policy: Policy, unit: str) -> None:
    if unit not in policy.threshold:
        raise BadArgumentError(
            f"protect: the policy '{policy.id}' has no threshold for '{unit}'.",
            found=", ".join(policy.threshold),
            hint=f"unit={next(iter(policy.threshold))!r}",
        )


def _require_nobody(frame: pd.DataFrame) -> None:
    """Refuse margins above cells that are not there."""
    if len(frame) and int(frame["n"].sum()):
        raise TableProblemsError(
            "protect: the table lists margins and none of the cells they are sums of.",
            found=f"{counted(len(frame), 'row')}, all with 'All'",
            hint="the table with its inner cells; audit(tables) checks what is already hidden",
        )


def _require_sums(frame: pd.DataFrame, cube: Cube, names: list[str]) -> None:
    """Refuse margins that are not the sums of the cells."""
    sums = cube.positions.assign(_sum=cube.counts)
    joined = frame.merge(sums, on=names, how="left")
    off = int((joined["n"] != joined["_sum"].fillna(0)).sum())
    if off:
        raise TableProblemsError(
            f"protect: {counted(off, 'margin')} of the table are not the sum of their cells.",
            found=f"{counted(len(frame), 'row')}",
            hint="margins=True, without the rows of margins, adds them up anew",
        )
