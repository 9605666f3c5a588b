"""Tables that are none, and numbers where texts are meant: the same answer on every engine."""

import pandas as pd
import pytest

from careerbench import frameworks, scoring
from careerbench.errors import CareerBenchError

ENGINES = ("pandas", "polars", "pyarrow", "polars_lazy", "duckdb", "spark")
YEARS = """
id = "years"
title = "Years"
valid_from = 2024-09-01
[scales.s]
answers = ["no", "yes"]
meets = ["yes"]
[[benchmark]]
id = "b1"
title = "Years"
[[benchmark.criterion]]
id = "c1"
text = "c"
item = [
  { id = "y", text = "y", scale = "s", by_year_group = true, year_groups = ["7", "8"] },
  { id = "z", text = "z", scale = "s", by_year_group = true },
]
"""


@pytest.fixture
def framework(tmp_path):
    path = tmp_path / "years.toml"
    path.write_text(YEARS, encoding="utf-8")
    return frameworks.load_framework(path)


def audits():
    """Year 7 does not meet y, and Year 9 is not asked it."""
    rows = [("y", "7", "no"), ("y", "8", "yes"), ("y", "9", "no"), ("z", "7", "yes")]
    named = pd.DataFrame(rows, columns=["item", "year_group", "answer"])
    return named.assign(school_urn="900001", wave="baseline")


def scored(put_on, as_pandas, engine, table, framework, **options):
    put = table if engine == "pandas" else put_on(engine, table)
    return as_pandas(scoring.score_benchmarks(put, framework, **options))


KINDS = [
    lambda table: table.assign(year_group=table["year_group"].astype("int64")),
    lambda table: table.assign(year_group=table["year_group"].astype("float64")),
    lambda table: table.assign(school_urn=900001),
    lambda table: table.assign(school_urn=900001.0),
    lambda table: table.astype(dict.fromkeys(["year_group", "item", "answer"], "category")),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("number", range(len(KINDS)))
def test_numbers_name_schools_and_year_groups_as_texts_do(
    engine, number, framework, put_on, as_pandas
):
    found = scored(put_on, as_pandas, engine, KINDS[number](audits()), framework)
    expected = as_pandas(scoring.score_benchmarks(audits(), framework))
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert found[["n_met", "state"]].to_numpy().tolist() == [[1, "partial"]]


def test_categories_of_numbers_and_mixed_columns_are_read_as_text(framework):
    table, expected = audits(), scoring.score_benchmarks(audits(), framework)
    years = [7, "8", 9.0, "7"]
    table["year_group"] = pd.Series(years, dtype=object)
    table["school_urn"] = pd.Series([900001, "900001", 900001.0, "900001"], dtype=object)
    pd.testing.assert_frame_equal(scoring.score_benchmarks(table, framework), expected)
    coded = audits().assign(year_group=pd.Categorical([7, 8, 9, 7], categories=[7, 8, 9, 99]))
    pd.testing.assert_frame_equal(scoring.score_benchmarks(coded, framework), expected)


def test_polars_enumerations_are_read_as_text(framework, as_pandas):
    polars = pytest.importorskip("polars")
    table = polars.from_pandas(audits()).with_columns(
        polars.col("year_group").cast(polars.Enum(["7", "8", "9"])),
        polars.col("wave").cast(polars.Enum(["year_1", "baseline"])),
    )
    expected = as_pandas(scoring.score_benchmarks(audits(), framework))
    for put in (table, table.lazy()):
        found = as_pandas(scoring.score_benchmarks(put, framework))
        pd.testing.assert_frame_equal(found.astype({"wave": "str"}), expected, check_dtype=False)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_blank_year_group_is_the_whole_school(engine, framework, put_on, as_pandas):
    whole = audits().loc[[0, 3]].assign(answer="yes", year_group=[" ", None])
    found = scored(put_on, as_pandas, engine, whole, framework)
    assert found[["n_answered", "n_met", "state"]].to_numpy().tolist() == [[2, 2, "achieved"]]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("year_group", "Year 7", "1 year group.s. are not known"),
        ("year_group", 7.5, "1 year group.s. are not known"),
        ("year_group", "0", "1 year group.s. are not known"),
        ("school_urn", "", "row.s. have no school_urn"),
        ("wave", " ", "row.s. have no wave"),
    ],
)
def test_what_names_no_year_group_school_or_wave_is_refused(
    engine, column, value, problem, framework, put_on, as_pandas
):
    with pytest.raises(CareerBenchError, match=problem):
        scored(put_on, as_pandas, engine, audits().assign(**{column: value}), framework)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_register_with_numbers_finds_its_schools(engine, framework, put_on, as_pandas):
    ages = {"statutory_low_age": [11.0], "statutory_high_age": [16.0]}
    register = pd.DataFrame({"school_urn": [900001.0], **ages})
    found = scored(put_on, as_pandas, engine, audits(), framework, schools=register)
    assert found["n_met"].tolist() == [1]


@pytest.mark.parametrize("table", [None, 5, "audits.csv", [1], {}, pd.Series([1])])
@pytest.mark.parametrize("score", [scoring.score_benchmarks, scoring.score_criteria])
def test_what_is_no_table_is_refused_by_name(score, table, framework):
    with pytest.raises(CareerBenchError, match="a table is needed"):
        score(table, framework)
    if table is not None:
        with pytest.raises(CareerBenchError, match="a table is needed"):
            score(audits(), framework, schools=table)


def test_a_column_that_stands_twice_is_refused(framework):
    twice = pd.concat([audits(), audits()[["answer"]]], axis=1)
    with pytest.raises(CareerBenchError, match="the table has a column twice"):
        scoring.score_benchmarks(twice, framework)


def test_answers_that_are_lists_are_not_on_the_scale(framework):
    lists = audits().assign(answer=[["yes"]] * 4)
    with pytest.raises(CareerBenchError, match="not on their item's scale"):
        scoring.score_benchmarks(lists, framework)
