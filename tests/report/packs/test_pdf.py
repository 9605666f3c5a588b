"""The PDF: tagged, with language, title and alt texts; it prints the pack's numbers and no other."""

import json
import re
import shutil
import subprocess

import pytest

from careerbench.report.packs.model import Chart
from careerbench.report.packs.pdf import Typesetter


@pytest.fixture(scope="module")
def typesetter():
    return Typesetter()


@pytest.fixture(scope="module")
def content(typesetter, answered):
    return typesetter.pdf(answered)


def test_the_pdf_is_tagged_and_says_its_language_and_title(content, reading):
    said = reading.pdf_objects(content)
    assert content.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in said
    assert re.search(rb"/MarkInfo\s*<<[^>]*/Marked true", said)
    assert re.search(rb"/Lang\s*\(en-GB\)", said)
    assert re.search(rb"/DisplayDocTitle true", said)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in said
    assert b"Sample study" in said


def test_every_picture_has_its_alt_text_and_every_table_header_cells(content, answered, reading):
    said = reading.pdf_objects(content)
    assert len(re.findall(rb"/S\s*/Figure", said)) == len(answered.charts)
    assert len(re.findall(rb"/Alt\s*[(<]", said)) == len(answered.charts)
    tables = [t for t in answered.tables if t.rows]
    assert len(re.findall(rb"/S\s*/Table\b", said)) == len(tables)
    n_columns = sum(len(t.columns) for t in tables)
    assert len(re.findall(rb"/S\s*/TH\b", said)) == n_columns
    assert len(re.findall(rb"/S\s*/H1\b", said)) == 1


def test_equal_packs_are_equal_files_and_others_are_not(typesetter, content, answered, every_pack):
    assert typesetter.pdf(answered) == content
    assert typesetter.pdf(every_pack[2]) != content


def test_a_picture_without_alt_text_is_refused_by_the_standard(typesetter, answered):
    import dataclasses

    import typst

    mute = dataclasses.replace(answered.charts[0], alt="")
    section = dataclasses.replace(answered.sections[0], charts=(mute,))
    pack = dataclasses.replace(answered, sections=(section,))
    with pytest.raises(typst.TypstError, match="missing alt text"):
        typesetter.pdf(pack)


def test_a_letter_that_no_font_has_stands_as_its_code_point_and_a_note_says_so(
    typesetter, answered, reading, monkeypatch
):
    """Without that, PDF/UA-1 would have the whole pack refused."""
    import dataclasses

    import typst

    from careerbench.report.packs import pdf

    odd = dataclasses.replace(answered, title="School \U0001f9ff")
    assert b"School [U+1F9FF]" in reading.pdf_objects(typesetter.pdf(odd))
    said = json.loads(typesetter._drawable(pdf._pack_data(odd)))
    assert said["spelled"].startswith("The fonts of this PDF do not have every letter: [U+1F9FF]")
    plain = json.loads(typesetter._drawable(pdf._pack_data(answered)))
    assert plain["spelled"] == ""
    fresh = pdf.Typesetter()
    monkeypatch.setattr(pdf.Typesetter, "_letters", frozenset())
    with pytest.raises(typst.TypstError):
        fresh.pdf(odd)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext (poppler-utils)")
def test_the_pages_print_the_packs_numbers_and_no_other(
    typesetter, every_pack, tmp_path, reading, fixed_words
):
    for pack in (every_pack[0], every_pack[1], every_pack[-1]):
        file = tmp_path / f"{pack.key}.pdf"
        file.write_bytes(typesetter.pdf(pack))
        text = subprocess.run(
            ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
        ).stdout
        n_pages = text.count("\f")
        pages = {str(page) for page in range(1, n_pages + 1)}
        axis = {"0", "25", "50", "75", "100"}
        printed = reading.numbers_in(re.sub(r"[0-9a-f]{20,64}", "", text))
        fixed = reading.numbers_in(" ".join(fixed_words(pack)))
        allowed = {token for n in pack.numbers() for token in reading.numbers_in(n.text)}
        assert printed - allowed - fixed - pages - axis == set()
        needed = {t for table in pack.tables for _, _, n in table.numbers() if n.is_shown
                  for t in reading.numbers_in(n.text)}  # fmt: skip
        assert needed <= printed  # and the other way round: nothing is lost


def test_the_numbers_in_sentences_and_alt_texts_are_numbers_of_the_pack(
    every_pack, saved_release, reading, fixed_words
):
    labels = " ".join(saved_release.labels()["label"])
    for pack in every_pack:
        fixed = reading.numbers_in(" ".join((labels, *fixed_words(pack))))
        for section in pack.sections:
            for said in section.said:
                own = {t for n in said.numbers for t in reading.numbers_in(n.text)}
                assert reading.numbers_in(said.text) <= own | fixed
            for chart in section.charts:
                own = {t for n in chart.numbers for t in reading.numbers_in(n.text)}
                n_rows = {str(len(chart.data["rows"]))}
                assert reading.numbers_in(chart.alt) <= own | n_rows | fixed


def test_pictures_are_vectors_and_small(typesetter, answered, reading):
    said = typesetter.pdf(answered)
    assert b"/Subtype /Image" not in reading.pdf_objects(said)
    assert b"/Subtype/Image" not in reading.pdf_objects(said)
    import dataclasses

    one = dataclasses.replace(answered.sections[0], charts=(), tables=(), words=(), said=())
    bare = len(typesetter.pdf(dataclasses.replace(answered, sections=(one,))))
    for chart in answered.charts:
        alone = dataclasses.replace(one, charts=(chart,))
        whole = len(typesetter.pdf(dataclasses.replace(answered, sections=(alone,))))
        assert whole - bare < 300_000


@pytest.mark.parametrize("percent", [0.0, 100.0])
def test_a_picture_holds_the_ends_of_its_scale_and_hidden_points(typesetter, percent):
    point = {"value": percent, "text": f"{percent:.0f}%", "n": "30"}
    hidden = {"value": None, "text": "hidden", "n": None}
    data = {"waves": ["Baseline", "End"], "rows": [{"label": "A", "points": [point, hidden]}]}
    chart = Chart("a", "answers", "A", "A.", data, ())
    (picture,) = typesetter.pictures((chart,))
    assert picture.startswith(b"\x89PNG")


def test_no_picture_is_no_page(typesetter):
    assert typesetter.pictures(()) == []
