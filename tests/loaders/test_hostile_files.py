"""Broken and hostile files: each ends in a frame with an account, or in a refusal, and soon."""

import gzip
import io
import os
import zipfile

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careerbench.errors import CareerBenchError, ReadError
from careerbench.loaders import load_audits, load_links, load_schools, read_table, source_of


def problem(file, **options):
    with pytest.raises(ReadError) as caught:
        read_table(file, **options)
    return str(caught.value).splitlines()[0].removeprefix("read_table: ")


def zipped(members):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, said in members.items():
            archive.writestr(name, said)
    return body.getvalue()


def a_workbook():
    made, body = openpyxl.Workbook(), io.BytesIO()
    for row in (["URN", "n"], [900001, 1.5], [900002, "x"]):
        made.active.append(row)
    made.save(body)
    return body.getvalue()


def edited(old, new, member="xl/worksheets/sheet1.xml"):
    with zipfile.ZipFile(io.BytesIO(a_workbook())) as book:
        members = {each: book.read(each) for each in book.namelist()}
    assert old in members[member]
    return zipped(members | {member: members[member].replace(old, new)})


def a_parquet():
    body = io.BytesIO()
    answers = {"URN": ["900001"] * 9, "wave": "A", "item": list("abcdefghi"), "answer": "yes"}
    pd.DataFrame(answers).to_parquet(body)
    return body.getvalue()


# ---- archives


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("t.csv.gz", lambda: gzip.compress(b"0,1\n" * 30_000_000, 1), "unpacks to far more"),
        ("t.zip", lambda: zipped({"a.csv": b"0" * 70_000_000}), "unpacks to far more"),
        ("t.zip", lambda: zipped({"a.zip": zipped({"b.csv": "a"})}), "archive within an archive"),
        ("t.csv.gz", lambda: gzip.compress(gzip.compress(b"a")), "archive within an archive"),
        ("t.csv.gz", lambda: gzip.compress(b"a,b\n" * 99)[:-5], "is not a whole archive"),
        ("t.zip", lambda: zipped({"a.csv": "a,b\n" * 99})[:60], "is not a whole archive"),
        ("t.zip", lambda: zipped({}), "holds no files"),
        ("t.csv.gz", lambda: gzip.compress(b""), "is empty"),
    ],
)
def test_an_archive_that_swells_or_breaks_is_refused(save, name, make, said):
    assert said in problem(save(name, make()))


# ---- workbooks


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="B3"', b'r="XFD1048576"'),
        (b'r="B3"', b'r="B4294967290"'),
        (b'<row r="3"', b'<row r="4294967290"'),
        (b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet'),
    ],
)
def test_a_workbook_that_claims_the_earth_is_refused(save, old, new):
    said = problem(save("t.xlsx", edited(old, new)))
    assert said == "'t.xlsx' says it is larger than a table can be."


def test_a_claim_of_size_without_cells_is_no_matter(save):
    body = edited(b'ref="A1:B3"', b'ref="A1:XFD1048576"')
    assert read_table(save("t.xlsx", body)).shape == (2, 2)


@pytest.mark.parametrize("kept", [30, 500, -30])
def test_part_of_a_workbook_is_refused(save, kept):
    assert "is not a whole workbook" in problem(save("t.xlsx", a_workbook()[:kept]))


# ---- Parquet, SPSS


@pytest.mark.parametrize("kept", [8, 200, -6])
def test_part_of_a_parquet_file_is_refused(save, kept):
    assert problem(save("t.parquet", a_parquet()[:kept])) == (
        "'t.parquet' is not a whole Parquet file."
    )


def test_an_spss_file_that_claims_a_billion_rows_is_refused(tmp_path):
    file = tmp_path / "t.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0, 2.0]}), str(file))
    body = bytearray(file.read_bytes())
    body[80:84] = (1_000_000_000).to_bytes(4, "little")
    file.write_bytes(body)
    assert problem(file) == "'t.sav' is not a whole file of SPSS, Stata or SAS."


# ---- text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"a" * 40_000_000, "has a line that is too long for a table."),
        (b",".join([b"1"] * 20_000) + b"\n", "has too many columns."),
        (b"a,b\n1,2\n" * 50_000 + b"\0,1\n", "is not a text file."),
        (b"\n" * 10_000_001 + b"a,b\n", "is too large for rows that are not all equally long."),
        (b' \n\t\r\n"', "is opened and never closed"),
        (b" \n \n", "is empty."),
    ],
)
def test_text_that_is_no_table_is_refused(save, body, said):
    assert said in problem(save("t.csv", body))


def test_sixteen_thousand_columns_of_one_name_are_read(save):
    table = read_table(save("t.csv", ",".join("a" * 16_000) + "\n" + ",".join("1" * 16_000)))
    assert table.shape == (1, 16_000)
    assert table.columns.is_unique


# ---- no regular files


def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "t.csv")
    assert problem(tmp_path / "t.csv") == "'t.csv' is not a regular file."


def test_links_in_a_circle_and_devices_are_refused(tmp_path):
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    assert problem(tmp_path / "loop.csv") == "'loop.csv' cannot be opened."
    assert problem(tmp_path / "zero.csv") == "'zero.csv' is not a regular file."


# ---- anything at all

REGISTER = (
    "URN,LA (code),EstablishmentNumber,EstablishmentName,OpenDate,PercentageFSM\r\n"
    '900001,201,1234,"St Thomas à Becket, Hill",01-09-2001,12.5\r\n'
    "900002,201,0012,Dale’s School,,SUPP\r\n900003,,,,01-01-1900,\r\n"
)
LINKS = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n900001,900002,Dale,Successor,\n"
AUDITS = "URN;wave;Date;item;answer\n900001;A;01/09/2021;b1;yes\n900002;A;;b1;\n"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman", "utf-16-le", "utf-32")
SEEDS = {
    "t.csv": REGISTER.encode("cp1252"),
    "u.csv": AUDITS.encode(),
    "t.csv.gz": gzip.compress(LINKS.encode(), mtime=0),
    "t.zip": zipped({"a.csv": LINKS}),
    "t.xlsx": a_workbook(),
    "t.parquet": a_parquet(),
}
OFTEN = settings(
    max_examples=120,
    deadline=60_000,  # a hang, not a slow machine
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def settled(file, load):
    """Load, and see that there is an account of the frame; refusals are fine."""
    try:
        frame = load(file)
    except CareerBenchError:
        return
    assert source_of(frame).decisions
    assert len(source_of(frame).sha256) == 64


loads = st.sampled_from([read_table, load_schools, load_links, load_audits])


@OFTEN
@given(name=st.sampled_from(sorted(SEEDS)), data=st.data(), load=loads)
def test_flipped_bytes_end_in_a_frame_or_a_refusal(tmp_path, name, data, load):
    body = bytearray(SEEDS[name])
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=20)):
        body[place] = data.draw(st.integers(0, 255))
    (tmp_path / name).write_bytes(body)
    settled(tmp_path / name, load)


@OFTEN
@given(name=st.sampled_from(sorted(SEEDS)), share=st.floats(0, 1), load=loads)
def test_part_of_a_file_ends_in_a_frame_or_a_refusal(tmp_path, name, share, load):
    (tmp_path / name).write_bytes(SEEDS[name][: int(share * len(SEEDS[name]))])
    settled(tmp_path / name, load)


@OFTEN
@given(text=st.sampled_from([REGISTER, LINKS, AUDITS]), data=st.data(), load=loads)
def test_other_encodings_and_headings_end_in_a_frame_or_a_refusal(tmp_path, text, data, load):
    headings, rest = text.split("\n", 1)
    words = headings.replace(";", ",").split(",")
    words[data.draw(st.integers(0, len(words) - 1))] = data.draw(st.text(max_size=12))
    body = ",".join(words) + "\n" + rest
    encoding = data.draw(st.sampled_from(ENCODINGS))
    (tmp_path / "t.csv").write_bytes(body.encode(encoding, errors="replace"))
    settled(tmp_path / "t.csv", load)


@OFTEN
@given(body=st.binary(max_size=300), ending=st.sampled_from(["csv", "xlsx", "sav.gz", "parquet"]))
def test_any_bytes_end_in_a_frame_or_a_refusal(tmp_path, body, ending):
    (tmp_path / f"t.{ending}").write_bytes(body)
    settled(tmp_path / f"t.{ending}", read_table)


@OFTEN
@given(
    rows=st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=4),
        min_size=1,
        max_size=6,
    )
)
def test_no_cell_is_lost_or_changed(tmp_path, rows):
    """Every cell that is not blank stands in the frame as it was written."""
    import csv

    rows = [["first", "second"], *rows]
    with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    table = read_table(tmp_path / "t.csv", encoding="utf-8", delimiter=",", header_row=1,
                       skip_footer=0)  # fmt: skip
    written = sorted(cell for row in rows[1:] for cell in row if cell.strip())
    found = sorted(cell for cell in table.to_numpy().ravel() if not pd.isna(cell))
    assert found == written
