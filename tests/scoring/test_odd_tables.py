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


def diary(**columns):
    table = {"school_urn": "900001", "wave": "baseline", "activity": ["employer talk"]}
    return pd.DataFrame(table | {"year_group": "4", "n_pupils": 30} | columns)


def test_a_diary_with_numbers_for_schools_and_years_counts_the_same():
    expected = scoring.count_encounters(diary()).to_frame()
    for odd in ({"school_urn": 900001.0}, {"year_group": 4.0}, {"year_group": 4}):
        found = scoring.count_encounters(diary(**odd)).to_frame()
        pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize(
    ("schools", "problem"),
    [
        (5, "a pandas DataFrame is needed"),
        ({"school_urn": ["900001"] * 2, "number_of_pupils": 9}, "schools have a school again"),
        ({"school_urn": ["900001"], "number_of_pupils": -9}, "number_of_pupils below 0"),
        ({"school_urn": ["900001"], "number_of_pupils": "many"}, "does not hold numbers"),
    ],
)
def test_a_roll_that_cannot_be_one_is_refused(schools, problem):
    table = pd.DataFrame(schools) if isinstance(schools, dict) else schools
    with pytest.raises(CareerBenchError, match=problem):
        scoring.count_encounters(diary(), schools=table)


def test_more_pupils_than_there_can_be_and_rules_that_are_no_file_are_refused():
    with pytest.raises(CareerBenchError, match="n_pupils below 0 or above"):
        scoring.count_encounters(diary(n_pupils=1e300))
    with pytest.raises(CareerBenchError, match="rules must be the path"):
        scoring.count_encounters(diary(), rules=5)


def test_claims_take_year_groups_as_numbers_and_refuse_a_register_that_is_none():
    scores = pd.DataFrame({"benchmark": ["p5"], "state": ["achieved"]})
    scores = scores.assign(school_urn="900001", wave="baseline", framework="ne-primary-2019")
    encounters = scoring.count_encounters(diary())
    tables = [
        scoring.compare_with_claims(encounters, scores, year_groups=years).to_frame()
        for years in (4, "4", ["4"])
    ]
    assert all(table.equals(tables[0]) for table in tables)
    with pytest.raises(CareerBenchError, match="a pandas DataFrame is needed"):
        scoring.compare_with_claims(encounters, scores, schools=5)


def test_a_state_that_is_none_and_a_framework_by_name_are_refused(framework):
    criteria = scoring.score_criteria(audits(), framework)
    with pytest.raises(CareerBenchError, match="1 rows have a state that is none"):
        scoring.holding_back(criteria.assign(state="good"), framework=framework)
    with pytest.raises(CareerBenchError, match="framework must be a Framework"):
        scoring.cheapest_path(audits(), "ne-primary-2019")


@pytest.mark.parametrize("places", [-1, 1.5, "a", True, None, 1000])
def test_a_percentage_has_a_whole_number_of_places(places):
    with pytest.raises(CareerBenchError, match="places must be a whole number from 0 to 9"):
        scoring.show_percent(0.5, places=places)


@pytest.mark.parametrize("value", ["5", "[]", "true", "{ a = 1 }"])
def test_the_source_of_a_framework_is_words(value, tmp_path):
    path = tmp_path / "years.toml"
    path.write_text(f"{YEARS}\n[source]\ntitle = {value}\n", encoding="utf-8")
    with pytest.raises(CareerBenchError, match=r"title = .* must be a text"):
        frameworks.load_framework(path)


def test_no_crosswalk_is_found_for_what_is_no_name():
    assert frameworks.find_crosswalk([], {}) is None


@pytest.mark.parametrize("missing", ["as_not_met", "exclude", "not_scored"])
def test_a_missing_answer_does_not_hand_on_to_the_next_of_first_of(missing, tmp_path):
    path = tmp_path / "first.toml"
    text = YEARS.replace('text = "c"', 'text = "c"\nrule = "first_of"')
    path.write_text(text.replace(", by_year_group = true", ""), encoding="utf-8")
    table = audits().loc[[0, 3]].drop(columns="year_group").assign(answer=[None, "yes"])
    scores = scoring.score_benchmarks(table, frameworks.load_framework(path), missing=missing)
    counts = ["n_applicable", "n_answered", "n_met", "state", "share_reason"]
    assert scores[counts].to_numpy().tolist() == [[1, 0, 0, "not scored", "not answered"]]
