"""The record that every step returns: a table, its counts, notes in words, a display."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, ClassVar

from careerbench import html

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

_SHOWN_ROWS = 30


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


def show(value: object, spec: str = "") -> str:
    """Show one value on screen; what is missing shows as an empty string.

    Examples
    --------
    >>> show(0.256, ".0%"), show(float("nan"), ".0%"), show(None), show("a")
    ('26%', '', '', 'a')
    """
    if value is None or str(value) in {"<NA>", "NaT", "nan"}:
        return ""
    if (spec and isinstance(value, int | float)) or hasattr(value, "dtype"):
        return format(value, spec)
    return str(value)
