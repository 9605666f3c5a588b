"""Argument checks in one wording, made once at the public function."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import careerbench.errors as errors

_NEAREST = 1e-12
_SHOWN = 200


def require_path(value: object, *, step: str, hint: str) -> Path:
    """Read a path; what is neither text nor a path, or what no system could open, is refused.

    Examples
    --------
    >>> require_path(5, step="open_release", hint="'study.release'")
    Traceback (most recent call last):
        ...
    careerbench.errors.BadArgumentError: open_release: a path is needed.
      found: 5
      try:   'study.release'
    """
    if not isinstance(value, str | Path) or "\0" in str(value) or value == "":
        raise errors.BadArgumentError(f"{step}: a path is needed.", found=said(value), hint=hint)
    return Path(value)


def require_columns(
    columns: Iterable[object], needed: Iterable[str], *, step: str, hint: str
) -> None:
    """Refuse a table that lacks columns, naming each.

    Examples
    --------
    >>> require_columns(["school_urn"], ["school_urn", "wave"], step="change", hint="scores")
    Traceback (most recent call last):
        ...
    careerbench.errors.MissingColumnsError: change: the table has no column 'wave'.
      found: 'school_urn'
      try:   scores
    """
    names, wanted = list(columns), list(needed)
    for name in wanted:
        require_name(name, name="a column", step=step)
    present = [str(name) for name in names]
    missing = [name for name in wanted if name not in names]
    if missing:
        typed = [name for name in missing if name in present]
        raise errors.MissingColumnsError(
            f"{step}: the table has no column {errors.quoted(missing)}.",
            found="a column of that name which is no text" if typed else errors.quoted(present),
            hint="table.rename(columns=str)" if typed else hint,
        )
    doubled = [name for name in dict.fromkeys(wanted) if names.count(name) > 1]
    if doubled:
        raise errors.TableProblemsError(
            f"{step}: the table has several columns called {errors.quoted(doubled)}.",
            found=errors.counted(len(present), "column"),
            hint="a name for each column",
        )


def require_name(value: object, *, name: str, step: str) -> None:
    """Refuse what cannot be the name of one column."""
    if not isinstance(value, str):
        raise errors.BadArgumentError(
            f"{step}: {name} must be named by text.", found=said(value), hint="'school_urn'"
        )


def said(value: object) -> str:
    """Show a value in a message: short things as they are, anything else by its kind."""
    if value is None or isinstance(value, str | Real | list | tuple):
        try:
            shown = repr(value)
        except ValueError:  # a number with more digits than Python prints
            shown = ""
        if 0 < len(shown) <= _SHOWN:
            return shown
    return f"type {type(value).__name__}"


def require_one_of(value: object, known: Iterable[object], *, name: str, step: str) -> None:
    """Refuse a value that is not among the known ones, and say which was probably meant."""
    options = list(known)
    plain = value is None or isinstance(value, str) or getattr(value, "shape", ()) == ()
    if not plain or not any(_same(value, option) for option in options):
        shown = value if plain and len(said(value)) < 99 else said(value)
        raise errors.BadArgumentError(
            f"{step}: {name} has no value '{shown}'.",
            found=f"'{shown}'",
            hint=errors.did_you_mean(shown, options),
        )


def _same(value: object, option: object) -> bool:
    """Compare; what cannot say whether it is the same (such as pandas' NA) is not."""
    try:
        return value is option or bool(value == option)
    except (TypeError, ValueError):
        return False


def require_between(value: float, low: float, high: float, *, name: str, step: str) -> None:
    """Refuse a number outside the open interval (low, high), or within 1e-12 of an end."""
    inside = is_number(value) and low < value < high
    if not inside or not (value - low > _NEAREST and high - value > _NEAREST):
        raise errors.BadArgumentError(
            f"{step}: {name} must be a number between {low} and {high}, both excluded.",
            found=said(value),
            hint=f"{name}={(low + high) / 2 if 1 < high - low < math.inf else low + 0.95}",
        )


def is_number(value: object) -> bool:
    """Say whether a value is one finite number that a computer can work with.

    Examples
    --------
    >>> is_number(0.5), is_number(True), is_number("1"), is_number(float("inf"))
    (True, False, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Real):
        return False
    try:
        return math.isfinite(value)
    except (OverflowError, TypeError):
        return False


def require_truth(value: object, *, name: str, step: str) -> None:
    """Refuse anything but True and False."""
    if str(type(value)) not in ("<class 'bool'>", "<class 'numpy.bool'>"):
        raise errors.BadArgumentError(
            f"{step}: {name} must be True or False.", found=said(value), hint=f"{name}=True"
        )


def require_seed(value: object, *, step: str) -> None:
    """Refuse a seed that numpy would not take, or that says nothing."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if value is not None and (not whole or int(value) < 0):  # type: ignore[call-overload]
        raise errors.BadArgumentError(
            f"{step}: seed must be a whole number from 0, or None.",
            found=said(value),
            hint="seed=1",
        )


def require_several(value: Any, *, name: str, step: str, hint: str) -> list[Any]:
    """Read a list of things; text, one thing and a mapping are no list."""
    several = isinstance(value, Iterable) and getattr(value, "shape", (0,)) != ()
    if not several or isinstance(value, str | bytes | Mapping) or hasattr(value, "columns"):
        raise errors.BadArgumentError(
            f"{step}: {name} must be a list.", found=said(value), hint=hint
        )
    return list(value)


def require_frame(value: object, *, step: str, hint: str) -> None:
    """Refuse anything that is not a pandas frame."""
    if isinstance(value, type) or not (hasattr(value, "columns") and hasattr(value, "loc")):
        raise errors.BadArgumentError(
            f"{step}: a pandas DataFrame is needed.", found=type(value).__name__, hint=hint
        )


def as_names(by: object) -> list[str]:
    """Read an argument that takes one name, several, or none; numbers become text.

    Examples
    --------
    >>> as_names("la_name"), as_names(["a", "b"]), as_names(None)
    (['la_name'], ['a', 'b'], [])
    """
    if by is None:
        return []
    many = isinstance(by, Iterable) and getattr(by, "shape", (0,)) != ()
    several: list[Any] = [by]
    if many and not isinstance(by, str | bytes | Mapping):
        several = list(by)  # type: ignore[call-overload]
    odd = [name for name in several if not _may_name(name)]
    if odd or hasattr(by, "columns"):
        raise errors.BadArgumentError(
            "A name, or a list of names, is needed.",
            found=said(odd[0] if odd else by),
            hint="by='la_name', by=['la_name', 'wave'] or by=None",
        )
    return list(dict.fromkeys(str(name) for name in several))


def _may_name(value: object) -> bool:
    """Say whether a value is text, or a number or date that stands for text."""
    return isinstance(value, str | Real | date) and getattr(value, "shape", ()) == ()
