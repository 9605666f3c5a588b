"""Packs as tagged PDF (PDF/UA-1), set by typst; the pictures alone, for Word."""

from __future__ import annotations

import json
import shutil
import weakref
from functools import cached_property
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from careerbench.report.packs.charts import look
from careerbench.report.packs.model import Number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerbench.report.packs.model import Cell, Chart, Pack, Table

_STANDARDS = ["ua-1"]
_DOTS_AN_INCH = 150
_LONG_AGO = 315_532_800
"""Every PDF carries this time (1 January 1980), so that equal packs are equal files."""

WORDS = {
    "achieved": "●\u00a0Achieved",
    "partial": "◐\u00a0Partial",
    "not achieved": "○\u00a0Not\u00a0achieved",
    "not scored": "–\u00a0Not\u00a0scored",
}
"""States as they stand in a page's table: a symbol and a word, kept on one line."""


class Typesetter:
    """Sets packs one after the other with one compiler, whose fonts and templates are read once.

    Not for two threads at once. The fonts are those that matplotlib brings (DejaVu Sans) and
    those within typst; none of the machine's is used, so that a pack looks the same everywhere.
    """

    def pdf(self, pack: Pack) -> bytes:
        """Return the pack as PDF.

        A letter that the fonts do not have stands as its code point, ``[U+4E2D]``, and the notes
        say so: PDF/UA-1 refuses a page with a letter that cannot be drawn.

        Raises
        ------
        typst.TypstError
            If it could not be set, or would break a rule of PDF/UA-1.
        """
        return self._set(self._pages, _pack_data(pack), format="pdf", pdf_standards=_STANDARDS,
                         timestamp=_LONG_AGO)  # fmt: skip

    def pictures(self, charts: tuple[Chart, ...]) -> list[bytes]:
        """Return each chart as PNG."""
        if not charts:
            return []
        data = {"charts": [_chart(chart) for chart in charts], "look": look()}
        found = self._set(self._drawings, data, format="png", ppi=_DOTS_AN_INCH)
        return found if isinstance(found, list) else [found]

    def _set(self, compiler: Any, data: Mapping[str, Any], **how: Any) -> Any:
        return compiler.compile(sys_inputs={"pack": self._drawable(data)}, **how)

    def _drawable(self, data: Mapping[str, Any]) -> str:
        """Write what is to be set as JSON, with code points for letters that no font has."""
        said = json.dumps(data, ensure_ascii=False)
        missing = sorted(set(said) - self._letters) if self._letters else []
        if missing:
            said = json.dumps({**data, "spelled": _spelled(missing)}, ensure_ascii=False)
        for letter in missing:
            said = said.replace(letter, f"[U+{ord(letter):04X}]")
        return said

    @cached_property
    def _letters(self) -> frozenset[str]:
        """The letters that both the upright and the bold font have."""
        from matplotlib.ft2font import FT2Font

        found = [set(FT2Font(str(file)).get_charmap()) for file in _font_files()[:2]]
        return frozenset(map(chr, set.intersection(*found))) if found else frozenset()

    @cached_property
    def _pages(self) -> Any:
        return self._compiler("pack.typ")

    @cached_property
    def _drawings(self) -> Any:
        return self._compiler("pictures.typ")

    def _compiler(self, name: str) -> Any:
        import typst

        with as_file(files(__package__)) as folder:
            return typst.Compiler(
                folder / name, root=folder, font_paths=self._fonts, ignore_system_fonts=True
            )

    @cached_property
    def _fonts(self) -> Any:
        import typst

        folder = Path(mkdtemp(prefix="careerbench-fonts-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        for file in _font_files():
            shutil.copyfile(file, folder / file.name)
        return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


def _font_files() -> list[Path]:
    """Find DejaVu Sans among matplotlib's fonts.

    typst takes whole folders of fonts, and the one of matplotlib has a font of last resort, which
    would print a box for a letter that no other font has, where PDF/UA-1 has the page refused.
    """
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    files = [folder / f"DejaVuSans{style}.ttf" for style in ("", "-Bold", "-Oblique")]
    return [file for file in files if file.is_file()]


def _spelled(letters: list[str]) -> str:
    """Say which letters stand as code points."""
    import unicodedata

    named = [f"[U+{ord(each):04X}] ({unicodedata.name(each, 'no name').lower()})"
             for each in letters]  # fmt: skip
    return (
        f"The fonts of this PDF do not have every letter: {', '.join(named)}. The Word document "
        "and the workbook of this pack hold the letters themselves."
    )


def shown(cell: Cell) -> str:
    """Return what stands in a cell of a page: a state has its symbol."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Number) and cell.kind == "state":
        return WORDS[cell.text]
    return cell.text


def _pack_data(pack: Pack) -> dict[str, Any]:
    return {
        "title": pack.title,
        "subtitle": pack.subtitle,
        "description": f"Data fingerprint {pack.stamp.fingerprint}",
        "facts": pack.facts,
        "spelled": "",
        "look": look(),
        "stamp": {"version": pack.stamp.version},
        "sections": [
            {
                "title": section.title,
                "said": [said.text for said in section.said],
                "words": section.words,
                "charts": [_chart(chart) for chart in section.charts],
                "tables": [_table(table) for table in section.tables],
            }
            for section in pack.sections
        ],
    }


def _chart(chart: Chart) -> dict[str, Any]:
    return {"kind": chart.kind, "title": chart.title, "alt": chart.alt, "data": chart.data}


def has_states(table: Table, column: int) -> bool:
    """Say whether a column holds states, which are words, and not figures."""
    found = (row[column] for row in table.rows)
    return any(isinstance(cell, Number) and cell.kind == "state" for cell in found)


def _table(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": table.title,
        "about": table.about,
        "columns": [
            {"heading": c.heading, "kind": c.kind, "states": has_states(table, number)}
            for number, c in enumerate(table.columns)
        ],
        "rows": [[shown(cell) for cell in row] for row in table.rows],
    }
