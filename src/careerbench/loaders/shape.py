"""Where the table stands in a sheet: titles above it, its headings, footnotes below it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from careerbench.errors import ReadError
from careerbench.loaders.problems import count
from careerbench.loaders.typed import show_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    Cells = Sequence[Sequence[object]]
    Spans = tuple[tuple[tuple[int, int], tuple[int, int]], ...]
_LOOKED_AT, _HEADER_ROWS, _FOOTER_ROWS = 60, 4, 60
_NUMBER = re.compile(r"[-+]?[£$€]?[0-9][0-9,.]*\s*%?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:[/-]?[0-9]{2})?")
_NOTE = re.compile(
    r"(?:(?:sources?|notes?|footnotes?)\s*(?::|\d|$)|tables? produced"
    r"|columns? tested|copyright|crown copyright|©"
    r"|\([a-z0-9]\)|\[[a-z0-9]+\]|[!*~†‡-]{1,2}\s)",
    re.IGNORECASE,
)
_LONG_NOTE = 25


@dataclass(frozen=True)
class Wishes:
    """What the caller says about where the table stands; None is to be found out."""

    header_row: int | None = None
    header_rows: int | None = None
    skip_footer: int | None = None


@dataclass(frozen=True)
class Layout:
    """Where the table stands; rows count from 0.

    Attributes
    ----------
    top, bottom : int
        First and last row of headings.
    end : int
        The row after the last of the table.
    headings : tuple of str
        One for each column, rows of headings joined.
    decisions : tuple of str
    """

    top: int
    bottom: int
    end: int
    headings: tuple[str, ...]
    decisions: tuple[str, ...] = field(default=())


def find_layout(rows: Cells, *, wishes: Wishes, name: str, spans: Spans = ()) -> Layout:
    """Find the table in the rows of a file.

    The first row that is not blank holds the headings, unless it and the rows below it are titles:
    rows with a cell or two, above a row of headings at least three wide.
    """
    view = _View(rows, spans)
    end, n_blank = _without_trailing_blanks(rows)
    top, said = _find_top(view, end, wishes, name)
    bottom = _find_bottom(view, top, end, wishes, name)
    headings = view.words(top) if bottom == top else _joined(view, top, bottom)
    last, left_out = _find_end(view, bottom, end, wishes)
    said = [*said, *left_out]
    if n_blank:
        said.append(f"{count(n_blank, 'blank row')} at the end dropped")
    if bottom == top and wishes.header_rows is None:
        said += second_heading(headings, view.words(top + 1) if top + 1 < last else [])
    where = f"headings in row {top + 1}"
    if bottom > top:
        where = f"headings in rows {top + 1} to {bottom + 1}, joined with ' / '"
    return Layout(top, bottom, last, tuple(headings), (where, *said))


def is_plain(headings: Sequence[str], width: int) -> bool:
    """Tell a row that can only be headings from one that may be a title above the table."""
    n_filled = sum(bool(cell.strip()) for cell in headings)
    return n_filled > 0 and (width < 3 or n_filled > _title_width(width))


def is_note(cells: Sequence[str], *, apart: bool) -> bool:
    """Tell a footnote, which stands in the first column alone, from a row of the table."""
    if not cells or not cells[0].strip() or any(cell.strip() for cell in cells[1:]):
        return False
    words = cells[0].strip()
    return bool(_NOTE.match(words)) or (apart and " " in words and len(words) >= _LONG_NOTE)


def second_heading(headings: Sequence[str], below: Sequence[str]) -> list[str]:
    """Say so where the row below the headings looks like more headings; nothing is changed."""
    if any(cell.startswith('{"ImportId"') for cell in below):
        return ["the next row looks like a second row of headings: header_rows= joins them"]
    pairs = list(zip(headings, below, strict=False))
    spanned = sum(not above.strip() and _is_word(cell) for above, cell in pairs)
    words = [cell for cell in below if cell.strip()]
    if len(pairs) < 3 or not words or spanned < max(2, 0.15 * len(pairs)):
        return []
    if sum(map(_is_word, words)) < 0.9 * len(words):
        return []
    return ["the next row looks like a second row of headings: header_rows=2 joins them"]


class _View:
    """The rows as text, merged cells filled in to the right."""

    def __init__(self, rows: Cells, spans: Spans) -> None:
        self.rows = rows
        self.wide = [span for span in spans if span[0][0] < _LOOKED_AT]

    def words(self, row: int) -> list[str]:
        if not 0 <= row < len(self.rows):
            return []
        said = [show_cell(cell) for cell in self.rows[row]]
        for (top, left), (_, right) in self.wide:
            if top == row and left < len(said):
                for column in range(left + 1, min(right + 1, len(said))):
                    said[column] = said[column] or said[left]
        return said

    def is_spanned(self, row: int) -> bool:
        return any(top == row and right > left for (top, left), (_, right) in self.wide)

    def lowest(self, row: int) -> int:
        return max((low for (top, _), (low, _) in self.wide if top == row), default=row)


def _find_top(view: _View, end: int, wishes: Wishes, name: str) -> tuple[int, list[str]]:
    if wishes.header_row is not None:
        return _asked(view, wishes.header_row, name), []
    looked_at = [view.words(row) for row in range(min(end, _LOOKED_AT))]
    filled = [[cell for cell in row if cell.strip()] for row in looked_at]
    first = next((row for row, cells in enumerate(filled) if cells), None)
    if first is None:
        first = next((row for row in range(end) if _is_filled(view.rows[row])), None)
    if first is None:
        raise ReadError(
            f"read_table: '{name}' holds no table.",
            found="blank cells only",
            hint="a file with headings in its first row",
        )
    if first >= len(filled):
        return first, []
    width = max(map(len, filled))
    at = _below_titles(filled, first, width)
    if at is None:
        return first, _say_narrow(filled, first, width)
    n_above = sum(bool(each) for each in filled[first:at])
    said = f"{count(n_above, 'row')} above the headings passed over: titles, too narrow"
    return at, [f"{said} for a table {width} columns wide"]


def _below_titles(filled: list[list[str]], first: int, width: int) -> int | None:
    """Find the headings below titles; None where the first row itself may hold them."""
    if width < 3 or len(set(filled[first])) > _title_width(width):
        return None
    for row in range(first + 1, len(filled) - 1):
        if filled[row + 1] and _is_heading(filled[row], width):
            return row
    return None


def _say_narrow(filled: list[list[str]], first: int, width: int) -> list[str]:
    if len(filled[first]) == 1 and width > 1:
        return [f"row {first + 1} has one cell: if it is a title, say header_row="]
    return []


def _asked(view: _View, header_row: int, name: str) -> int:
    n_rows = len(view.rows)
    if header_row <= n_rows and _is_filled(view.rows[header_row - 1]):
        return header_row - 1
    raise ReadError(
        f"read_table: '{name}' has no headings in row {header_row}.",
        found=f"{n_rows} rows" if header_row > n_rows else "a blank row",
        hint="header_row is the row a spreadsheet shows, the first being 1",
    )


def _find_bottom(view: _View, top: int, end: int, wishes: Wishes, name: str) -> int:
    """Join further rows if asked, or if cells of the headings are merged over several columns."""
    if wishes.header_rows is not None:
        if top + wishes.header_rows > len(view.rows):
            raise ReadError(
                f"read_table: '{name}' has no {wishes.header_rows} rows of headings.",
                found=f"{len(view.rows) - top} rows from row {top + 1} on",
                hint="header_rows=1",
            )
        return top + wishes.header_rows - 1
    bottom = min(view.lowest(top), top + _HEADER_ROWS - 1, end - 1)
    while view.is_spanned(bottom) and bottom < min(top + _HEADER_ROWS, end) - 1:
        below = [cell for cell in view.words(bottom + 1) if cell.strip()]
        if len(below) < 2 or not all(map(_is_word, below)):
            break
        bottom += 1
    return max(bottom, top)


def _joined(view: _View, top: int, bottom: int) -> list[str]:
    """Join rows of headings; a heading reaches right over the blanks beside it, save the last."""
    lines = [view.words(row) for row in range(top, bottom + 1)]
    width = max(map(len, lines))
    lines = [line + [""] * (width - len(line)) for line in lines]
    reached = [*map(_reaching, lines[:-1]), lines[-1]]
    parts = (
        [" ".join(cell.split()) for cell in column if cell.strip()]
        for column in zip(*reached, strict=True)
    )
    return [" / ".join(dict.fromkeys(column)) for column in parts]


def _reaching(line: list[str]) -> list[str]:
    said, done = "", []
    for cell in line:
        said = cell if cell.strip() else said
        done.append(said)
    return done


def _find_end(view: _View, bottom: int, end: int, wishes: Wishes) -> tuple[int, list[str]]:
    if wishes.skip_footer is not None:
        last = max(end - wishes.skip_footer, bottom + 1)
        skipped = end - last
        said = f"{count(skipped, 'row')} at the end left out, as asked"
        return _back_over_blanks(view, last, bottom), [said] if skipped else []
    width = max((len(row) for row in view.rows[bottom : bottom + 2]), default=0)
    last = end
    if width < 3:
        return end, []
    while last > bottom + 2 and end - last < _FOOTER_ROWS and _is_footer(view, last - 1, bottom):
        last = _back_over_blanks(view, last - 1, bottom)
    if last == end:
        return end, []
    rows = f"row {end}" if end == last + 1 else f"rows {last + 1} to {end}"
    return last, [f"{rows} below the table left out: footnotes (skip_footer=0 keeps them)"]


def _is_footer(view: _View, row: int, bottom: int) -> bool:
    """Look whether a row, and the run of lone cells it ends, stands apart from the table."""
    above = row - 1
    while above > bottom and _is_lone(view.rows[above]):
        above -= 1
    return is_note(view.words(row), apart=not _is_filled(view.rows[above]))


def _back_over_blanks(view: _View, last: int, bottom: int) -> int:
    while last > bottom + 1 and not _is_filled(view.rows[last - 1]):
        last -= 1
    return last


def _without_trailing_blanks(rows: Cells) -> tuple[int, int]:
    end = len(rows)
    while end and not _is_filled(rows[end - 1]):
        end -= 1
    return end, len(rows) - end


def _is_lone(row: Sequence[object]) -> bool:
    return bool(row) and _has(row[0]) and not any(map(_has, row[1:]))


def _is_filled(row: Sequence[object]) -> bool:
    return any(map(_has, row))


def _has(cell: object) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else True


def _is_heading(cells: Sequence[str], width: int) -> bool:
    wide = width >= 3 and len(cells) >= 0.5 * width and len(set(cells)) > 1
    return wide and sum(map(_is_word, cells)) >= 0.7 * len(cells)


def _is_word(cell: str) -> bool:
    words = cell.strip()
    return bool(words) and (not _NUMBER.fullmatch(words) or bool(_YEAR.fullmatch(words)))


def _title_width(width: int) -> int:
    """Return how many cells a title may fill above a table of this width."""
    return 1 if width < 8 else 2 if width < 15 else 3
