"""Whatever stands in a cell or a file, the answer is a value, a reason or an error of ours."""

from contextlib import suppress

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careerbench.errors import CareerBenchError
from careerbench.loaders import load_ees, load_performance, screen_ees
from careerbench.loaders.published.cells import Cells
from careerbench.loaders.schema import load_symbols

PERFORMANCE = b"RECTYPE,LEA,ESTAB,URN,A,PB\n1,201,14,900001,5,95%\n4,201,,,7,SUPP\n5,,,,9,NE\n"
OPEN = (
    b"time_period,time_identifier,geographic_level,sex,n\n201920,Academic year,National,Total,c\n"
)
META = b"col_name,col_type,label\nsex,Filter,Sex\nn,Indicator,N\n"


@given(st.floats(-1e9, 1e9), st.sampled_from(["", "%", " %"]))
def test_a_number_is_read_as_itself(number, sign):
    cells = Cells.of(pd.Series([f"{number:.6f}{sign}"], dtype="str"))
    assert cells.numbers.tolist() == [pytest.approx(number, abs=1e-6)]
    assert bool(cells.percent[0]) == bool(sign)


@given(st.sampled_from(sorted(load_symbols())), st.sampled_from(["", " ", "  "]))
def test_a_symbol_is_never_a_number(symbol, space):
    for said in (symbol, symbol.upper(), space + symbol + space):
        cells = Cells.of(pd.Series([said], dtype="str"))
        assert cells.numbers.isna().all()
        assert cells.reasons.tolist() == [load_symbols()[symbol]]


@given(st.lists(st.text(min_size=1), min_size=1, unique=True))
def test_any_text_is_one_of_three_things(texts):
    cells = Cells.of(pd.Series(texts, dtype="str"))
    kinds = cells.numbers.notna().astype(int) + cells.reasons.notna() + cells.unread
    assert (kinds == 1).all()


def change(body, at, byte, cut):
    body = bytearray(body)
    body[at % len(body)] = byte
    return bytes(body[: len(body) - cut])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 500), st.integers(0, 255), st.integers(0, 40))
def test_a_changed_file_gives_a_frame_or_our_error(tmp_path_factory, at, byte, cut):
    folder = tmp_path_factory.mktemp("changed")
    for load, body in ((load_performance, PERFORMANCE), (load_ees, OPEN)):
        file = folder / "file.csv"
        file.write_bytes(change(body, at, byte, cut))
        with suppress(CareerBenchError):
            assert isinstance(load(file, on_problem="quarantine"), pd.DataFrame)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 500), st.integers(0, 255), st.integers(0, 40), st.booleans())
def test_the_screener_always_answers(tmp_path_factory, at, byte, cut, is_meta):
    folder = tmp_path_factory.mktemp("screened")
    data, meta = folder / "file.csv", folder / "file.meta.csv"
    data.write_bytes(OPEN if is_meta else change(OPEN, at, byte, cut))
    meta.write_bytes(change(META, at, byte, cut) if is_meta else META)
    assert screen_ees(data).n_errors > 0  # the pair lacks columns to begin with


def test_a_workbook_for_metadata_is_a_wrong_file_type(tmp_path):
    data, meta = tmp_path / "file.csv", tmp_path / "file.meta.xlsx"
    data.write_bytes(OPEN)
    meta.write_bytes(b"PK\x03\x04 and the rest")
    said = screen_ees(data, meta).to_frame()["problem"].tolist()
    assert "the file type '.xlsx' is not .csv" in said
