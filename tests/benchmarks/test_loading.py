"""How fast tables are read and checked, against what a user would write.

Not part of the test run. ``pytest tests/benchmarks --benchmark-sort=name`` prints the times; each
test also takes both sides in turns and holds the ratio of their medians to its limit.
"""

import statistics
import time

import numpy as np
import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from careerbench.loaders import load_audits, load_schools, read_table

N_ANSWERS, N_ROWS, ROUNDS = 4_300_000, 100_000, 9


def ratio(ours, theirs, rounds=ROUNDS):
    """Take turns, and compare the medians of time on the clock."""
    times = {ours: [], theirs: []}
    for call in (ours, theirs) * rounds:
        start = time.perf_counter()
        call()
        times[call].append(time.perf_counter() - start)
    return statistics.median(times[ours][1:]) / statistics.median(times[theirs][1:])


@pytest.fixture(scope="module")
def register(shared_data):
    return shared_data / "gias" / "edubaseallstatefunded20250717.csv"


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Audits of 4,300 schools: ten rounds of a hundred items each."""
    row = np.arange(N_ANSWERS)
    school, place = row // 1000, row % 1000
    waves = np.array([f"Round {number}" for number in range(10)])
    made = pd.DataFrame(
        {
            "school_urn": (900001 + school).astype(str),
            "wave": waves[place // 100],
            "audit_date": np.datetime64("2016-09-01") + (place // 100) * np.timedelta64(365, "D"),
            "item": np.array([f"b{number // 13 + 1}_{number}" for number in range(100)])[
                place % 100
            ],
            "answer": np.array(["yes", "no", "partly", None], object)[(school + place) % 4],
        }
    )
    file = tmp_path_factory.mktemp("answers") / "audits.parquet"
    made.to_parquet(file)
    return file


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("audits")
    sheet.append(["URN", "wave", "date", "item", "answer", "n", "share", "note"])
    day = pd.Timestamp("2021-09-01").to_pydatetime()
    for row in range(N_ROWS):
        line = [900001 + row % 3000, "Baseline", day, f"b{row % 8}_{row % 5}", "yes", row % 40]
        sheet.append([*line, row * 0.37, f"note {row}"])
    file = tmp_path_factory.mktemp("workbook") / "audits.xlsx"
    made.save(file)
    return file


def test_the_register_loads_at_least_as_fast_as_pandas_reads_it(benchmark, register):
    benchmark(load_schools, register)
    found = ratio(
        lambda: load_schools(register), lambda: pd.read_csv(register, encoding="cp1252"), 25
    )
    benchmark.extra_info["ratio to pandas.read_csv"] = found
    assert found <= 1


def test_answers_from_parquet_load_within_three_times_pandas(benchmark, answers):
    benchmark.pedantic(load_audits, args=(answers,), rounds=3)
    found = ratio(lambda: load_audits(answers), lambda: pd.read_parquet(answers))
    benchmark.extra_info["ratio to pandas.read_parquet"] = found
    assert found <= 3


def test_a_workbook_reads_within_a_third_more_than_its_library_takes(benchmark, workbook):
    benchmark.pedantic(read_table, args=(workbook,), rounds=3)
    found = ratio(
        lambda: read_table(workbook),
        lambda: CalamineWorkbook.from_path(workbook).get_sheet_by_index(0).to_python(),
    )
    benchmark.extra_info["ratio to python-calamine"] = found
    assert found <= 1.3
