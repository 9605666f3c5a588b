"""Argument checks in one wording, made once at the public function."""

from collections.abc import Iterable

import careerbench.errors as errors


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
    present = [str(name) for name in columns]
    missing = [name for name in needed if name not in present]
    if missing:
        raise errors.MissingColumnsError(
            f"{step}: the table has no column {errors.quoted(missing)}.",
            found=errors.quoted(present),
            hint=hint,
        )


def require_one_of(value: object, known: Iterable[object], *, name: str, step: str) -> None:
    """Refuse a value that is not among the known ones, and say which was probably meant."""
    options = list(known)
    if value not in options:
        raise errors.BadArgumentError(
            f"{step}: {name} has no value '{value}'.",
            found=f"'{value}'",
            hint=errors.did_you_mean(value, options),
        )


def require_between(value: float, low: float, high: float, *, name: str, step: str) -> None:
    """Refuse a number outside the open interval (low, high)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low < value < high:
        raise errors.BadArgumentError(
            f"{step}: {name} must be a number between {low} and {high}, both excluded.",
            found=repr(value),
            hint=f"{name}={(low + high) / 2 if high - low > 1 else 0.95}",
        )


def require_frame(value: object, *, step: str, hint: str) -> None:
    """Refuse anything that is not a pandas frame."""
    if not (hasattr(value, "columns") and hasattr(value, "loc")):
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
    several = [by] if isinstance(by, str) or not isinstance(by, Iterable) else list(by)
    return list(dict.fromkeys(str(name) for name in several))
