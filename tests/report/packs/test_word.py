"""The Word document: real headings, real tables with header rows, alt texts, language."""

import io
import itertools

import pytest
from docx import Document
from docx.oxml.ns import qn

from careerbench.report.packs.pdf import Typesetter, shown
from careerbench.report.packs.word import document


@pytest.fixture(scope="module")
def content(answered):
    return document(answered, Typesetter().pictures(answered.charts))


@pytest.fixture(scope="module")
def word(content):
    return Document(io.BytesIO(content))


def test_headings_are_headings_and_step_down_one_level_at_a_time(word, answered):
    levels = [
        int(p.style.name.removeprefix("Heading "))
        for p in word.paragraphs
        if p.style.name.startswith("Heading")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    named = [p.text for p in word.paragraphs if p.style.name == "Heading 2"]
    assert named == [section.title for section in answered.sections]


def test_every_table_is_a_table_with_a_header_row_and_the_packs_cells(word, answered):
    tables = [table for table in answered.tables if table.rows]
    assert len(word.tables) == len(tables)
    for real, table in zip(word.tables, tables, strict=True):
        rows = [
            ["".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]
            for row in real._tbl.iter(qn("w:tr"))
        ]
        assert rows[0] == [column.heading for column in table.columns]
        assert rows[1:] == [[shown(cell) for cell in row] for row in table.rows]
        assert [
            h.getparent().getparent() is real._tbl.tr_lst[0]
            for h in real._tbl.iter(qn("w:tblHeader"))
        ] == [True]
        assert real._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == table.title
        assert not list(real._tbl.iter(qn("w:vMerge"), qn("w:gridSpan")))


def test_every_picture_has_its_alt_text(word, answered):
    alts = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert alts == [chart.alt for chart in answered.charts]


def test_language_title_and_stamp_are_in_the_properties(word, answered, reading, content):
    said = word.core_properties
    assert said.language == "en-GB"
    assert said.title == f"{answered.title} - {answered.subtitle}"
    assert answered.stamp.fingerprint in said.comments
    styles = reading.docx_part(content, "word/styles.xml")
    languages = {e.get(f"{reading.W}val") for e in styles.iter(f"{reading.W}lang")}
    assert languages == {"en-GB"}


def test_every_paragraph_is_one_that_the_pack_says(answered, content, reading):
    said = {answered.title, *(f"{name}: {value}" for name, value in answered.facts), ""}
    for section in answered.sections:
        said |= {section.title, *section.words, *(one.text for one in section.said)}
        said |= {chart.title for chart in section.charts}
        for table in section.tables:
            said |= {table.title, f"{table.about} Table: {table.id}."}
            said |= {column.heading for column in table.columns}
            said |= {shown(cell) for row in table.rows for cell in row}
    assert set(reading.docx_texts(content)) - said == set()


def test_names_with_signs_of_markup_stay_as_they_are(answered, reading):
    import dataclasses

    table = answered.tables[0]
    rows = (('A <b> & "C"', *table.rows[0][1:]),)
    odd = dataclasses.replace(table, title="<T> & 'U'", rows=rows)
    section = dataclasses.replace(answered.sections[0], charts=(), tables=(odd,))
    pack = dataclasses.replace(answered, title="St <Mary> & co", sections=(section,))
    texts = reading.docx_texts(document(pack, []))
    assert {"St <Mary> & co", "<T> & 'U'", 'A <b> & "C"'} <= set(texts)


def test_figures_stand_right_words_left_and_a_short_table_on_one_page(answered):
    from careerbench.report.packs.pdf import has_states
    from careerbench.report.packs.word import _table_xml

    kept = "<w:keepNext/>"
    for table in answered.tables:
        found = _table_xml(table)
        n_right = sum(
            column.kind != "text" and not has_states(table, place)
            for place, column in enumerate(table.columns)
        )
        assert found.count('<w:jc w:val="right"/>') == n_right * (len(table.rows) + 1)
        lines = len(table.rows) if len(table.rows) <= 12 else 1
        assert found.count(kept) == lines * len(table.columns)
