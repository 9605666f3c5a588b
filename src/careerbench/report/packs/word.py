"""Packs as Word documents (python-docx): real headings and tables, pictures with alt texts."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from careerbench.report.packs.pdf import has_states, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerbench.report.packs.model import Chart, Pack, Section, Table

_LANGUAGE = "en-GB"
_FONT = "Arial"
_LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
_PICTURE_WIDTH = 17.0
_TWIPS = 9640
_LONGEST = 255
_SHORT = 12
"""Rows that a table has at most to be kept on one page."""
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(pack: Pack, pictures: Sequence[bytes]) -> bytes:
    """Return the pack as docx.

    Parameters
    ----------
    pack : Pack
        What it says.
    pictures : sequence of bytes
        A PNG for each of ``pack.charts``, in order.
    """
    from docx import Document

    word = Document()
    _dress(word, pack)
    word.add_heading(pack.title, level=1)
    for name, value in pack.facts:
        paragraph = word.add_paragraph()
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(value)
    images = iter(pictures)
    for section in pack.sections:
        _add_section(word, section, [next(images) for _ in section.charts])
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def _dress(word: Any, pack: Pack) -> None:
    """Set page, fonts, language, properties and footer."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    sizes = {"Normal": 11, "Heading 1": 20, "Heading 2": 15, "Heading 3": 12, "Caption": 10}
    for name, size in sizes.items():
        style = word.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.color.rgb = RGBColor(0x26, 0x26, 0x26)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    word.styles["Normal"].paragraph_format.space_after = Pt(6)
    _set_language(word, qn)
    said = word.core_properties
    said.title, said.author = _property(f"{pack.title} - {pack.subtitle}"), pack.stamp.version
    said.subject, said.language = _property(pack.stamp.policy), _LANGUAGE
    said.comments = f"Data fingerprint {pack.stamp.fingerprint}"
    said.created = said.modified = _LONG_AGO
    said.last_modified_by = pack.stamp.version
    _add_footer(page.footer.paragraphs[0], pack.title)


def _property(said: str) -> str:
    """Cut a property to the length that Word takes; the whole words stand in the document."""
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"


def _set_language(word: Any, qn: Any) -> None:
    defaults = word.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = properties.find(qn("w:lang"))
    if language is None:
        language = properties.makeelement(qn("w:lang"), {})
        properties.append(language)
    language.set(qn("w:val"), _LANGUAGE)


def _add_footer(paragraph: Any, title: str) -> None:
    from docx.oxml import parse_xml

    paragraph.add_run(f"{title}, page ")
    paragraph._p.append(  # noqa: SLF001 - python-docx has no fields of its own
        parse_xml(f'<w:fldSimple {_W} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


def _add_section(word: Any, section: Section, pictures: Sequence[bytes]) -> None:
    _add_heading(word, section.title, level=2)
    for said in section.said:
        word.add_paragraph().add_run(said.text).bold = True
    for words in section.words:
        word.add_paragraph(words)
    for chart, picture in zip(section.charts, pictures, strict=True):
        _add_picture(word, chart, picture)
    for table in section.tables:
        if table.rows:
            _add_table(word, table)


def _add_heading(word: Any, title: str, *, level: int) -> None:
    """Add a heading by its style's id: by its name, every style is looked at each time."""
    word.add_paragraph(title)._p.style = f"Heading{level}"  # noqa: SLF001


def _add_picture(word: Any, chart: Chart, picture: bytes) -> None:
    from docx.shared import Cm

    _add_heading(word, chart.title, level=3)
    shape = word.add_picture(io.BytesIO(picture), width=Cm(_PICTURE_WIDTH))
    shape._inline.docPr.set("descr", chart.alt)  # noqa: SLF001 - no other way to an alt text
    shape._inline.docPr.set("title", chart.title)  # noqa: SLF001


def _add_table(word: Any, table: Table) -> None:
    """Add a table as one piece of XML: a cell at a time takes fifty times as long."""
    from docx.oxml import parse_xml

    _add_heading(word, table.title, level=3)
    paragraph = word.add_paragraph(f"{table.about} Table: {table.id}.")
    paragraph.paragraph_format.keep_with_next = True
    body = word.element.body
    body.insert(len(body) - 1, parse_xml(_table_xml(table)))  # before the section's properties
    word.add_paragraph()


def _table_xml(table: Table) -> str:
    states = [has_states(table, i) for i in range(len(table.columns))]
    right = [c.kind != "text" and not words for c, words in zip(table.columns, states, strict=True)]
    weights = [
        (2.2 if i == 0 else 1.3)
        if c.kind == "text"
        else 1.55
        if states[i]
        else 1.2
        if c.kind == "share"
        else 1.0
        for i, c in enumerate(table.columns)
    ]
    widths = [round(_TWIPS * weight / sum(weights)) for weight in weights]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    cells = list(zip(widths, right, strict=True))
    last = len(table.rows) - 1 if len(table.rows) <= _SHORT else 0
    head = _row([column.heading for column in table.columns], cells, head=True, kept=True)
    rows = "".join(
        _row([shown(cell) for cell in row], cells, kept=number < last)
        for number, row in enumerate(table.rows)
    )
    edge = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/>'
        for side in ("top", "bottom", "insideH")
    )
    return (
        f'<w:tbl {_W}><w:tblPr><w:tblStyle w:val="TableNormal"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{edge}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
        '</w:tblCellMar><w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(table.title)}/>"
        f"<w:tblDescription w:val={quoteattr(table.about)}/>"
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"
    )


def _row(
    texts: Sequence[str], cells: Sequence[tuple[int, bool]], *, kept: bool, head: bool = False
) -> str:
    """Write a row; ``kept`` keeps it on one page with the next."""
    bold = "<w:b/>" if head else ""
    near = "<w:keepNext/>" if kept else ""
    aligned = {True: '<w:jc w:val="right"/>', False: ""}
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr>{near}'
        f'<w:spacing w:before="30" w:after="30"/>{aligned[right]}</w:pPr><w:r><w:rPr>'
        f'{bold}<w:sz w:val="18"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        "</w:p></w:tc>"
        for text, (width, right) in zip(texts, cells, strict=True)
    )
    marks = "<w:cantSplit/><w:tblHeader/>" if head else "<w:cantSplit/>"
    return f"<w:tr><w:trPr>{marks}</w:trPr>{written}</w:tr>"
