"""A Release as the page reads it: codes and words as JSON, cells as two runs of numbers."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.dashboards.page.axes import ALL, axes_of, question_axis
from careerbench.disclosure import Release, Released
from careerbench.errors import DisclosureError
from careerbench.plots.theme import load_theme

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_HIDDEN, _NOBODY, _FIRST = 0, 1, 2
_SPARE = 2**53
_REASONS = {"": _FIRST, "c": _HIDDEN, "z": _NOBODY}


def payload_of(release: Release, *, step: str) -> dict[str, Any]:
    """Write a release as plain data for the page.

    Parameters
    ----------
    release : Release
        What ``disclosure.build_release`` made or ``disclosure.open_release`` opened.
    step : str
        Who asks, for the message of an error.

    Returns
    -------
    dict
        Ready for JSON. ``keys`` are the places of the cells in the crossing of all ``axes``,
        ascending, as steps from one to the next; ``values`` are 0 for hidden, 1 for nobody there
        and the value plus 2 otherwise (means times ten to the policy's decimals). Both are
        variable-length numbers (seven bits a byte, low ones first) in base 64.

    Raises
    ------
    DisclosureError
        If it is no Release, or holds what the page cannot show as it is.
    """
    require_release(release, step=step)
    cells = release.cells()
    axes = axes_of(release, cells)
    topics = question_axis(release, cells)
    keys, values = _numbers(cells, axes, topics, _decimals(release))
    policy = release.manifest["policy"]
    theme = load_theme()
    return {
        "title": release.title,
        "about": str(release.manifest.get("about", "")),
        "fingerprint": release.fingerprint,
        "policy": {name: policy[name] for name in ("id", "title", "source")},
        "least": policy["percentages"]["least"],
        "decimals": _decimals(release),
        "framework": dict(release.manifest["framework"]),
        "depth": dict(release.manifest["crossing"]["depth"]),
        "notes": [*release.notes, *release.certificate["assumptions"]],
        "topics": topics,
        "axes": [{name: axis[name] for name in axis if name != "codes"} for axis in axes],
        "states": {name: dict(look) for name, look in theme.states.items()},
        "n_cells": len(cells),
        "keys": _text(varints(np.diff(keys, prepend=0))),
        "values": _text(varints(values)),
    }


def require_release(release: object, *, step: str) -> None:
    """Refuse everything but a Release: only that was made to be seen.

    Raises
    ------
    DisclosureError
        Saying what to call.
    """
    if isinstance(release, Released):
        raise DisclosureError(
            f"{step}: one protected table has no pages to slice; only a whole Release has.",
            found=f"a Released table by {', '.join(release.by)}",
            hint="disclosure.build_release(study); a single table shows itself in a notebook",
        )
    if not isinstance(release, Release):
        raise DisclosureError(
            f"{step}: only a Release can be shown to others.",
            found=type(release).__name__,
            hint="disclosure.build_release(study) or disclosure.open_release(path)",
        )


def varints(numbers: Integers) -> bytes:
    """Write whole numbers of 0 or more, seven bits a byte, low ones first.

    Examples
    --------
    >>> varints(np.array([0, 127, 128, 300])).hex()
    '007f8001ac02'
    """
    numbers = numbers.astype(np.int64)
    lengths = np.ones(len(numbers), dtype=np.int64)
    for n_bytes in range(1, 8):
        lengths += numbers >= 1 << (7 * n_bytes)
    starts = np.cumsum(lengths) - lengths
    out = np.zeros(int(lengths.sum()), dtype=np.uint8)
    for place in range(int(lengths.max(initial=0))):
        mine = lengths > place
        more = (lengths[mine] > place + 1).astype(np.int64) << 7
        out[starts[mine] + place] = (numbers[mine] >> (7 * place)) & 127 | more
    return out.tobytes()


def _decimals(release: Release) -> int:
    return int(release.manifest["policy"]["means"]["decimals"])


def _numbers(
    cells: pd.DataFrame, axes: list[dict[str, Any]], topics: list[dict[str, Any]], decimals: int
) -> tuple[Integers, Integers]:
    """Return each cell's place in the crossing of all axes, ascending, and its value."""
    questions = {
        (topic["id"], item["id"]): item["number"] for topic in topics for item in topic["items"]
    }
    pairs = zip(cells["topic"], cells["item"], strict=True)
    keys = np.array([questions[pair] for pair in pairs], dtype=np.int64)
    size = len(questions)
    for axis in axes:
        known = {combination: number for number, combination in enumerate(axis["codes"])}
        columns = zip(*(cells[name] for name in axis["columns"]), strict=True)
        found = np.array([known[combination] for combination in columns], dtype=np.int64)
        keys, size = keys * len(known) + found, size * len(known)
    is_mean = (cells["measure"] == "mean").to_numpy()
    keys, size = keys * 2 + is_mean, size * 2
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    if size >= _SPARE or (np.diff(keys) == 0).any():
        raise DisclosureError(
            "page: the cells of the release cannot be put in order.",
            found=f"{len(keys):,} cells in a crossing of {size:,}",
            hint="a release with fewer characteristics, and each cell once",
        )
    return keys, _values(cells, is_mean, decimals)[order]


def _values(cells: pd.DataFrame, is_mean: NDArray[np.bool_], decimals: int) -> Integers:
    """Write every value as a whole number; what is blank says why."""
    first = cells["reason"].map(_REASONS)
    value = cells["value"].to_numpy(dtype=float)
    scaled = np.where(is_mean, value * 10.0**decimals, value)
    whole = np.rint(np.nan_to_num(scaled))
    shown = (first == _FIRST).to_numpy()
    n_odd = int((shown & ~(np.abs(whole - scaled) < 1e-6) | (whole < 0)).sum())
    if first.isna().any() or n_odd:
        raise DisclosureError(
            "page: the release holds values that the page cannot show as they are.",
            found=f"{int(first.isna().sum())} unknown reasons, {n_odd} values of another form",
            hint="counts of 0 or more, means with the policy's decimals, reasons '', 'c' or 'z'",
        )
    return np.where(shown, whole + _FIRST, first.to_numpy(dtype=float)).astype(np.int64)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


__all__ = ["ALL", "payload_of", "require_release", "varints"]
