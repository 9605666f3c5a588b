"""The record that every step returns: a table, its counts, notes in words, a display."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, ClassVar

from careerbench import html

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

_SHOWN_ROWS = 30
_LARGE = Decimal(10) ** 15
_SPEC = re.compile(r"(\+?)\.(\d)([f%])")


@dataclass(frozen=True, eq=False)
class Result:
    """A frozen record around one table; a subclass says what its columns are.

    Class attributes that a subclass sets: ``caption`` (one line), ``formats`` (column to format
    spec, used on screen only) and ``counts`` (count column to the columns it stands under).
    """

    table: pd.DataFrame

    caption: ClassVar[str] = ""
    formats: ClassVar[Mapping[str, str]] = {}
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init_subclass__(cls) -> None:
        """Keep the short repr: a dataclass would otherwise print its whole table."""
        super().__init_subclass__()
        cls.__repr__ = Result.__repr__  # type: ignore[method-assign]

    @property
    def notes(self) -> tuple[str, ...]:
        """Say in words what the numbers rest on."""
        return ()

    def to_frame(self) -> pd.DataFrame:
        """Hand out a copy of the table."""
        return self.table.copy()

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        options = ", ".join(
            f"{field.name}={getattr(self, field.name)!r}"
            for field in fields(self)
            if field.name != "table" and isinstance(getattr(self, field.name), str | int | float)
        )
        shape = f"{len(self.table)} rows x {len(self.table.columns)} columns"
        return f"<{type(self).__name__}: {shape}{', ' if options else ''}{options}>"

    def _repr_html_(self) -> str:
        """Show the table and the notes in a notebook."""
        rows = list(self._shown_rows())
        body = html.table(list(self.table.columns), rows, caption=self.caption)
        notes = [html.element("li", html.text(note)) for note in self.notes]
        if len(self.table) > _SHOWN_ROWS:
            left = len(self.table) - _SHOWN_ROWS
            notes.append(html.element("li", f"{left} more rows: to_frame() has them all."))
        return body + (html.element("ul", *notes) if notes else "")

    def _shown_rows(self) -> Iterator[list[str]]:
        head = self.table.head(_SHOWN_ROWS)
        for values in head.itertuples(index=False, name=None):
            yield [
                show(value, self.formats.get(str(name), ""))
                for name, value in zip(head.columns, values, strict=True)
            ]


def show(value: object, spec: str = "", *, rounding: str = "half_up") -> str:
    """Show one value on screen; what is missing shows as an empty string.

    ``rounding`` is "half_up", or "truncate", which cuts off what would be rounded.

    Examples
    --------
    >>> show(0.125, ".0%"), show(float("nan"), ".0%"), show(None), show("a"), show(3)
    ('13%', '', '', 'a', '3')
    >>> show(0.875, ".0%", rounding="truncate"), show(0.58, ".0%", rounding="truncate")
    ('87%', '58%')
    """
    if value is None or str(value) in {"<NA>", "NaT", "nan"}:
        return ""
    match = _SPEC.fullmatch(spec)
    if match is None or isinstance(value, str):
        return str(value)
    number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))  # type: ignore[arg-type]
    exact = number * (100 if match[3] == "%" else 1)
    rounded = {"half_up": half_up, "truncate": truncated}[rounding]
    shown = rounded(exact, places=int(match[2]), sign=match[1] == "+")
    return f"{shown}%" if match[3] == "%" else shown


def half_up(value: float | Decimal, *, places: int = 0, sign: bool = False) -> str:
    """Round for the screen, halves away from zero; a zero has no sign.

    From 10**15 on, where a float has no decimals left, numbers are shown by their power of ten.

    Examples
    --------
    >>> half_up(12.5), half_up(-12.5), half_up(0.25, places=1, sign=True), half_up(-0.2)
    ('13', '−13', '+0.3', '0')
    >>> half_up(-1.25e30, places=1), half_up(float("inf"))
    ('−1.3e+30', '∞')
    """
    return _rounded(value, places, ROUND_HALF_UP, sign=sign)


def truncated(value: float | Decimal, *, places: int = 0, sign: bool = False) -> str:
    """Cut off for the screen, towards zero; a zero has no sign.

    Examples
    --------
    >>> truncated(87.5), truncated(-87.5), truncated(0.29, places=1, sign=True), truncated(-0.9)
    ('87', '−87', '+0.2', '0')
    """
    return _rounded(value, places, ROUND_DOWN, sign=sign)


def _rounded(value: float | Decimal, places: int, how: str, *, sign: bool) -> str:
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if exact.is_nan():
        return "NaN"
    minus, plus = "−" if exact < 0 else "", "+" if sign and exact > 0 else ""
    size = abs(exact)
    if size.is_infinite():
        return f"{minus}{plus}∞"
    if size >= _LARGE:
        power = size.adjusted()
        digits = _to_places(size.scaleb(-power), places, how)
        if digits >= 10:
            digits, power = _to_places(digits / 10, places, how), power + 1
        return f"{minus}{plus}{digits}e+{power}"
    rounded = _to_places(size, places, how)
    return f"{minus if rounded else ''}{plus if rounded else ''}{rounded}"


def _to_places(size: Decimal, places: int, how: str) -> Decimal:
    """Round a number that is not negative to some places."""
    return size.quantize(Decimal(1).scaleb(-places), rounding=how)
