"""What a workbook would become in memory, found out before a library builds it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from careerbench.errors import ReadError
from careerbench.loaders.archive import check_zip

if TYPE_CHECKING:
    from collections.abc import Iterable

CELLS_LIMIT, TEXT_LIMIT = 100_000_000, 4 * 1024**3
_LARGE_SHEET, _SHORTEST_CELL, _PROLOGUE, _NEAR_ROW = 8_000_000, 12, 200, 999_999
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d{1,10})")
_FAR_ROW = re.compile(rb' r="[A-Za-z]*[0-9]{7}')
_FAR = re.compile(rb' r="(?:[A-Za-z](?:[A-Za-z]|[0-9]{7})|[0-9]{7})')
_LETTERS = re.compile(rb' r="([A-Za-z]{2,})')
_REFERENCE = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']\$?([A-Za-z]{1,4})\$?(\d{1,10})")
_STRING = re.compile(rb"<(?:\w+:)?v>\s*(\d+)")
_REPEATED = re.compile(rb"number-(columns|rows)-repeated=[\"'](\d+)")
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
_A = ord("A")


def refuse_claims(body: bytes, name: str) -> None:
    """Refuse a workbook that would swell: by its packing, its cell addresses or its texts."""
    if not body.startswith(b"PK"):
        return  # the old format holds 65,536 rows and 256 columns at most
    n_cells = longest = 0
    for member, content in check_zip(body, name=name):
        if member.endswith((".vml", ".rels")) or "/media/" in member:
            continue
        _refuse_entities(content, name)
        if "/sharedStrings" in member:
            longest = _longest(content)
        elif "worksheets/sheet" in member or (b"<sheetData" in content[:65_536]):
            n_cells = max(n_cells, _count_cells(content, name, binary=member.endswith(".bin")))
            most = longest * (len(content) // _SHORTEST_CELL)
            if most > TEXT_LIMIT and longest * content.count(b"<v>") > TEXT_LIMIT:
                raise _refusal(name, f"texts of up to {longest:,} bytes, used again and again")
        elif member == "content.xml":
            _refuse_repeats(content, name)
    if n_cells > CELLS_LIMIT:
        raise _refusal(name, f"cells so far apart that {n_cells:,} lie between them")


def _refuse_entities(content: bytes, name: str) -> None:
    if b"<!ENTITY" in content[:65_536] or b"<!DOCTYPE" in content[:65_536]:
        raise _refusal(name, "XML that declares entities of its own")


def _longest(content: bytes) -> int:
    """Return an upper bound for the longest shared text."""
    return max(map(len, content.split(b"si>")))


def _count_cells(content: bytes, name: str, *, binary: bool) -> int:
    """Return an upper bound for the cells of the smallest rectangle around a sheet's cells."""
    if binary:
        return _count_binary_cells(content)
    if len(content) > _LARGE_SHEET:
        n_cells = _bound(content)
        if n_cells is not None and n_cells <= CELLS_LIMIT:
            return n_cells
    n_rows = max(map(int, _ROW.findall(content)), default=0)
    n_rows = max(n_rows, content.count(b"<row"), content.count(b":row"))
    if n_rows > 1_048_576:
        raise _refusal(name, f"a row {n_rows:,}")
    found = _REFERENCE.findall(content)
    rows = max((int(row) for _, row in found), default=0)
    if rows > 1_048_576:
        raise _refusal(name, f"a row {rows:,}")
    width = max(map(_column_number, {letters for letters, _ in found}), default=0)
    if width > 16_384:
        raise _refusal(name, f"a column {width:,}")
    return max(rows, n_rows) * max(width, 1)


def _bound(content: bytes) -> int | None:
    """Find quickly how many cells there can be at most; None where in doubt."""
    if any(content.find(each, _PROLOGUE) >= 0 for each in (b"\n", b"\r", b"\t", b"'")):
        return None  # addresses may be written in ways not looked for here
    if not _FAR.search(content):
        return 26 * _NEAR_ROW
    if _FAR_ROW.search(content):
        return None
    return max(map(_column_number, set(_LETTERS.findall(content)))) * _NEAR_ROW


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - _A + 1
    return number


def _count_binary_cells(content: bytes) -> int:
    """Walk the records of a binary sheet: rows say their number, cells their column."""
    place = n_rows = n_columns = 0
    while place < len(content):
        kind, place = _varint(content, place, 2)
        size, place = _varint(content, place, 4)
        head = int.from_bytes(content[place : place + 4], "little")
        if kind == 0:
            n_rows = max(n_rows, head + 1)
        elif 1 <= kind <= 11:
            n_columns = max(n_columns, head + 1)
        place += size
    return n_rows * n_columns


def _varint(content: bytes, place: int, longest: int) -> tuple[int, int]:
    number = 0
    for step in range(longest):
        byte = content[place + step] if place + step < len(content) else 0
        number |= (byte & 127) << (7 * step)
        if byte < 128:
            return number, place + step + 1
    return number, place + longest


def _refuse_repeats(content: bytes, name: str) -> None:
    """Refuse an OpenDocument sheet whose filled cells repeat without end."""
    n_cells = 0
    for facts, inside in _ODS_ROW.findall(content):
        columns, filled = _ods_columns(inside)
        n_cells += _repeats(facts) * (columns if filled else 0)
        if n_cells > CELLS_LIMIT:
            raise _refusal(name, f"more than {CELLS_LIMIT:,} repeated cells")


def _ods_columns(inside: bytes) -> tuple[int, bool]:
    columns, last = 0, 0
    for facts, closed in _ODS_CELL.findall(inside):
        columns += _repeats(facts)
        if not closed or b"value" in facts:
            last = columns
    return last, last > 0


def _repeats(facts: bytes) -> int:
    return max((int(number) for _, number in _repeated(facts)), default=1)


def _repeated(facts: bytes) -> Iterable[tuple[bytes, bytes]]:
    return _REPEATED.findall(facts)


def _refusal(name: str, found: str) -> ReadError:
    return ReadError(
        f"read_table: '{name}' says it is larger than a table can be.",
        found=found,
        hint="save the sheet as CSV, or fetch the file again",
    )
