"""gptables' workbook with a quicker way to write a table: one format a column, not one a cell."""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gptables import Cover, GPTable

_NARROWEST, _HEADING, _WIDEST, _WIDEST_OF_FEW, _FEW = 12, 16, 50, 90, 3
"""Widths in characters: the least, of a heading, the most, the most where there are few columns."""
_LINE = 16.5
"""Height of a line of 12 points."""
_HIDDEN_LINES = {"hide_all": 2, "hide_printed": 1, "show_all": 0}


@cache
def import_gptables() -> Any:
    """Import gptables, which leaves the file of its theme open while it is imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        import gptables
    return gptables


@cache
def workbook_class() -> Any:
    """Return gptables' workbook with such sheets; made here, so that importing it waits."""
    import_gptables()
    from gptables.core.wrappers import GPWorkbook, GPWorksheet

    sheet = type("PackSheet", (_Sheet, GPWorksheet), {})
    return type("PackWorkbook", (_Workbook, GPWorkbook), {"sheet_class": sheet})


class _Sheet:
    """A sheet that writes a table's cells itself; all else is gptables'."""

    theme: Any
    _workbook: Any
    _smart_write: Any
    write_string: Any
    write_number: Any
    add_table: Any
    set_row: Any
    set_column: Any
    set_landscape: Any
    fit_to_pages: Any
    repeat_rows: Any

    def _parse_urls(self, sheet: object) -> None:
        """Leave words as they are: gptables would make a link of ``[words](address)`` in a name."""

    def _reference_annotations(self, *_of_table: object) -> None:
        """Leave words as they are: no table of a pack refers to notes with ``$$``."""

    def _write_table_elements(self, pos: list, gptable: GPTable, auto_width: bool) -> list:
        """Write headings and cells, set the widths and mark the table as a table.

        gptables builds a frame of formats, a dictionary a cell, which takes forty milliseconds a
        sheet. A pack has about fifteen sheets and there are seventy packs.
        """
        theme, book = self.theme, self._workbook
        headings, rows = list(gptable.table.columns), gptable.table.to_numpy().tolist()
        numeric = [
            any(isinstance(row[c], int | float) for row in rows) for c in range(len(headings))
        ]
        first = gptable.data_range[0]
        pos = [first, pos[1]]
        heads = [
            book.add_format({**theme.column_heading_format, "align": "right" if right else "left"})
            for right in numeric
        ]
        index = set(gptable.index_columns.values())
        formats = [
            book.add_format({
                **(theme.index_2_format if c in index else theme.data_format),
                "align": "right" if right else "left",
                "valign": "top",
            })
            for c, right in enumerate(numeric)
        ]  # fmt: skip
        for offset, row in enumerate(rows, start=1):
            for c, value in enumerate(row):
                if isinstance(value, dict | list):
                    self._smart_write(first + offset, c, value, theme.data_format)
                elif isinstance(value, str):
                    self.write_string(first + offset, c, value, formats[c])
                else:
                    self.write_number(first + offset, c, value, formats[c])
        if auto_width:
            self._widen(headings, rows, first)
        columns = [
            {"header": heading, "header_format": form}
            for heading, form in zip(headings, heads, strict=True)
        ]
        said = {"autofilter": False, "style": None, "name": gptable.table_name, "columns": columns}
        self.add_table(*gptable.data_range, said)
        return [pos[0] + len(rows) + 1, 0]

    def write_cover(self, cover: Cover) -> list:
        """Write the cover as gptables does, with rows as high as their text."""
        pos: list = super().write_cover(cover)  # type: ignore[misc]
        texts = ["", "", *(cover.intro or []), "", *(cover.about or [])]
        for row, text in enumerate(texts):
            if lines := _lines(text, cover.width):
                self.set_row(row, _LINE * lines)
        self.set_landscape()
        self.fit_to_pages(1, 0)
        return pos

    def _widen(self, headings: list[str], rows: list[list[Any]], first: int) -> None:
        """Make columns as wide as what they hold, within bounds, and rows as high as their text.

        Excel would find the heights by itself; other programs do not.
        """
        widest = _WIDEST if len(headings) > _FEW else _WIDEST_OF_FEW
        wide = []
        for c, heading in enumerate(headings):
            longest = max((len(_text(row[c])) for row in rows), default=0)
            said = max(longest + 2, min(len(heading) + 2, _HEADING), _NARROWEST)
            wide.append(min(said, widest))
            self.set_column(c, c, wide[c])
        for offset, row in enumerate([headings, *rows]):
            lines = max(_lines(_text(value), wide[c]) for c, value in enumerate(row))
            if lines > 1:
                self.set_row(first + offset, _LINE * lines)
        self.set_landscape()
        self.fit_to_pages(1, 0)
        self.repeat_rows(first)


class _Workbook:
    """A workbook of such sheets."""

    sheet_class: Any
    theme: Any

    def add_worksheet(self, name: str | None = None, gridlines: str = "hide_all") -> Any:
        """Add a sheet as gptables does, of the quicker kind."""
        from xlsxwriter import Workbook

        sheet = Workbook.add_worksheet(self, name, self.sheet_class)
        sheet.theme, sheet._workbook = self.theme, self  # noqa: SLF001 - as gptables sets them
        sheet.hide_gridlines(_HIDDEN_LINES[gridlines])
        return sheet


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return str(next(iter(value)))
    return max(map(str, value), key=len) if isinstance(value, list) else str(value)


def _lines(text: str, width: int) -> int:
    """Estimate on how many lines a text stands; broken words need some room."""
    return -(-len(text) // max(1, width - 2))
