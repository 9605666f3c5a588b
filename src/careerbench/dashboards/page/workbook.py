"""``workbook``: every cell of a Release as a spreadsheet, with what it is on a sheet of its own."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from careerbench.dashboards.page.payload import require_release

if TYPE_CHECKING:
    from careerbench.disclosure import Release

_ROWS = 1_000_000
_HIDDEN = "A blank value is hidden (c) and not 0, or nobody was there to be counted (z)."


def workbook(release: Release) -> bytes:
    """Write a release as an XLSX workbook: about, cells, schools and words.

    Parameters
    ----------
    release : Release
        What ``disclosure.build_release`` made or ``disclosure.open_release`` opened.

    Returns
    -------
    bytes
        The workbook. Text stays text: nothing in it is read as a formula or a link. More than a
        million cells go on to further sheets.

    Raises
    ------
    DisclosureError
        If it is no Release.
    """
    require_release(release, step="workbook")
    import xlsxwriter

    sink = io.BytesIO()
    options = {"constant_memory": True, "in_memory": True, "strings_to_formulas": False,
               "strings_to_urls": False, "strings_to_numbers": False}  # fmt: skip
    book = xlsxwriter.Workbook(sink, options)
    book.set_properties({"title": release.title, "comments": f"Release {release.fingerprint}"})
    bold = book.add_format({"bold": True})
    _write(book, "About", ["What", "Said"], _about(release), bold)
    cells = release.cells()
    for number, start in enumerate(range(0, max(len(cells), 1), _ROWS), start=1):
        part = cells.iloc[start : start + _ROWS]
        said = "Cells" if len(cells) <= _ROWS else f"Cells {number}"
        rows = part.astype({"value": object}).where(part.notna(), None)
        _write(book, said, list(part.columns), rows.itertuples(index=False, name=None), bold)
    for name, frame in (("Schools", release.schools()), ("Words", release.labels())):
        _write(book, name, list(frame.columns), frame.itertuples(index=False, name=None), bold)
    book.close()
    return sink.getvalue()


def _about(release: Release) -> list[tuple[str, str]]:
    policy = release.manifest["policy"]
    return [
        ("Study", release.title),
        ("About", str(release.manifest.get("about", ""))),
        ("Policy", f"{policy['title']} ({policy['id']}; {policy['source']})"),
        ("Blank values", _HIDDEN),
        ("Release fingerprint (SHA-256)", release.fingerprint or "not saved as a file yet"),
        *(("Note", note) for note in release.notes),
    ]


def _write(book, name, columns, rows, bold) -> None:  # type: ignore[no-untyped-def]
    """Write one sheet: a bold first row that stays in sight, then the rows."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 18)
    for number, column in enumerate(columns):
        sheet.write_string(0, number, str(column), bold)
    for place, row in enumerate(rows, start=1):
        for number, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(place, number, value)
            elif value is not None:
                sheet.write_number(place, number, value)
