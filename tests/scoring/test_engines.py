"""The same study, the same numbers, whatever the frame engine; plans stay plans."""

import functools
import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careerbench import frameworks, scoring
from careerbench.errors import CareerBenchError

LAZY = ("polars_lazy", "duckdb", "spark")
ENGINES = ("polars", "pyarrow", *LAZY)
COLUMNS = ["school_urn", "wave", "item", "answer", "year_group", "audit_date", "answer_reason"]
RULES = ("as_not_met", "exclude", "not_scored")

HARD = """
id = "hard"
title = "Hard"
valid_from = 2024-09-01
[scales.s]
answers = ["no", "yes"]
meets = ["yes"]
not_applicable = ["na"]
missing = ["dk"]
[scales.bands]
answers = [
  { code = "none", label = "None", from = 0 },
  { code = "some", label = "Some (1-50%)", above = 0 },
  { code = "most", label = "Most (51-100%)", above = 50 },
]
meets = ["most"]
[[benchmark]]
id = "b1"
title = "Nested"
[[benchmark.criterion]]
id = "c1"
text = "c"
rule = { at_least = 2, of = ["a", { all_of = ["b", { any_of = ["c", "d"] }] }, "e"] }
item = [
  { id = "a", text = "a", scale = "s" }, { id = "b", text = "b", scale = "s" },
  { id = "c", text = "c", scale = "bands" }, { id = "d", text = "d", scale = "s" },
  { id = "e", text = "e", scale = "s", phases = ["Secondary"] },
]
[[benchmark]]
id = "b2"
title = "Years"
rule = { any_of = ["c2", { all_of = ["c3", "c4"] }] }
[[benchmark.criterion]]
id = "c2"
text = "c"
item = [{ id = "y", text = "y", scale = "s", by_year_group = true, year_groups = ["7", "8", "9"] }]
[[benchmark.criterion]]
id = "c3"
text = "c"
item = [
  { id = "z", text = "z", scale = "s", by_year_group = true, across_years = "any_of" },
  { id = "note", text = "n", scale = "s", scored = false },
]
[[benchmark.criterion]]
id = "c4"
text = "c"
rule = "first_of"
item = [
  { id = "f", text = "f", scale = "s", sixth_form = true },
  { id = "g", text = "g", scale = "s" },
]
"""


@functools.cache
def hard_framework():
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hard.toml"
        path.write_text(HARD, encoding="utf-8")
        return frameworks.load_framework(path)


def hard_audits():
    """Every missing answer, two audits in a wave, year groups not asked, in three schools."""
    said = itertools.cycle(["yes", "no", None, "na", " YES ", "dk", "yes", "", "no", "yes", "yes"])
    bands = itertools.cycle(["67%", "0", "Some", "50.5", None])
    rows = []
    for urn, wave, day in (
        ("900001", "baseline", "2024-10-01"), ("900001", "baseline", "2024-11-01"),
        ("900001", "year_1", "2025-06-01"), ("900002", "baseline", "2024-10-03"),
        ("900003", "baseline", "2024-10-04"), ("900003", "year_1", "2025-06-09"),
    ):  # fmt: skip
        rows += [(urn, wave, day, item, None, next(said), None) for item in "abdefg"]
        rows.append((urn, wave, day, "c", None, next(bands), None))
        rows.append((urn, wave, day, "note", None, "yes", None))
        for item, year in itertools.product("yz", ["7", "8", "10"]):
            answer = next(said)
            reason = "not_asked" if answer is None else None
            rows.append((urn, wave, day, item, year, answer, reason))
    names = ["school_urn", "wave", "audit_date", "item", "year_group", "answer", "answer_reason"]
    audits = pd.DataFrame(rows, columns=names).drop(index=[3, 40])
    never = (audits["school_urn"] == "900002") & audits["answer"].notna()
    audits["answer"] = audits["answer"].mask(never & (audits["item"] != "c"), "no")
    audits["answer"] = audits["answer"].mask(never & (audits["item"] == "c"), "0")
    return audits.assign(audit_date=pd.to_datetime(audits["audit_date"]))


def register():
    return pd.DataFrame({
        "school_urn": ["900003", "900001", "900002", "900009"],
        "phase": ["Primary", "Secondary", None, "Secondary"],
        "statutory_low_age": [4, 11, 9, 11], "statutory_high_age": [11, 18, 13, 16],
        "sixth_form": ["Not applicable", "Has a sixth form", None, "Does not have a sixth form"],
    })  # fmt: skip


def sample_audits(pilot):
    kept = pilot.audits[[name for name in COLUMNS if name in pilot.audits]]
    return kept.astype({"wave": "str"})


def as_expected(found, expected):
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, check_exact=True)
    kinds = [[_kind(values) for _, values in frame.items()] for frame in (found, expected)]
    assert kinds[0] == kinds[1]


def _kind(values):
    numeric = pd.api.types.is_numeric_dtype(values)
    return str(values.dtype) if numeric else "text"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_sample_study_scores_the_same_on_every_engine(engine, pilot, put_on, as_pandas):
    audits = sample_audits(pilot)
    found = scoring.score_benchmarks(put_on(engine, audits), pilot.framework)
    as_expected(as_pandas(found), as_pandas(scoring.score_benchmarks(audits, pilot.framework)))


@pytest.mark.parametrize(
    ("engine", "missing"),
    [*itertools.product(("polars", "polars_lazy", "duckdb"), RULES), ("spark", "exclude")],
)
def test_hard_audits_score_the_same_on_every_engine(engine, missing, put_on, as_pandas):
    audits, framework = hard_audits(), hard_framework()
    options = {"missing": missing, "schools": register()}
    found = scoring.score_benchmarks(put_on(engine, audits), framework, **options)
    expected = scoring.score_benchmarks(audits, framework, **options)
    as_expected(as_pandas(found), as_pandas(expected))
    assert expected["n_audits"].max() == 2


def test_the_hard_audits_are_hard():
    states = {
        (missing, state)
        for missing in RULES
        for state in scoring.score_benchmarks(hard_audits(), hard_framework(), missing=missing)[
            "state"
        ]
    }
    assert {state for _, state in states} == set(scoring.STATES)


@pytest.mark.parametrize("engine", ENGINES)
def test_criteria_of_hard_audits_are_the_same_on_every_engine(engine, put_on, as_pandas):
    audits, framework = hard_audits(), hard_framework()
    found = scoring.score_criteria(put_on(engine, audits), framework)
    as_expected(as_pandas(found), as_pandas(scoring.score_criteria(audits, framework)))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_scale_scores_the_same_on_every_engine(engine, pilot, put_on, as_pandas):
    survey = pilot.surveys["pupils"]
    answers = survey.responses.astype({"wave": "str"})
    for score in (scoring.score_items, scoring.score_scale):
        found = as_pandas(score(put_on(engine, answers), survey.scale))
        expected = as_pandas(score(answers, survey.scale))
        assert list(found) == list(expected)
        for name in expected.select_dtypes("number"):
            assert found[name].isna().tolist() == expected[name].isna().tolist()
            assert found[name].fillna(-1).tolist() == pytest.approx(
                expected[name].fillna(-1).tolist()
            )
        assert found["respondent"].tolist() == expected["respondent"].tolist()


@pytest.mark.parametrize("engine", ENGINES)
def test_what_comes_back_is_the_kind_that_went_in(engine, put_on, pilot):
    given = put_on(engine, hard_audits())
    kind = type(given)
    assert isinstance(scoring.score_benchmarks(given, hard_framework()), kind)
    assert isinstance(scoring.score_criteria(given, hard_framework()), kind)
    survey = pilot.surveys["pupils"]
    answers = put_on(engine, survey.responses.astype({"wave": "str"}))
    assert isinstance(scoring.score_scale(answers, survey.scale), kind)
    assert isinstance(scoring.score_items(answers, survey.scale), kind)


def test_of_a_plan_only_the_look_up_is_computed(put_on, monkeypatch):
    import narwhals as nw

    fetched, collect = [], nw.LazyFrame.collect

    def watched(self, *arguments, **options):
        table = collect(self, *arguments, **options)
        fetched.append(table.columns)
        return table

    monkeypatch.setattr(nw.LazyFrame, "collect", watched)
    audits = put_on("polars_lazy", hard_audits().drop(columns="audit_date"))
    scoring.score_benchmarks(audits, hard_framework(), schools=register())
    assert [names[:3] for names in fetched] == [
        ["item", "answer", "year_group"], ["school_urn", "n"],
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ["polars_lazy", "duckdb"])
def test_a_register_may_live_on_any_engine(engine, put_on, as_pandas):
    audits, framework = hard_audits(), hard_framework()
    expected = as_pandas(scoring.score_benchmarks(audits, framework, schools=register()))
    for where in ("polars", "pyarrow", "duckdb"):
        schools = put_on(where, register())
        found = scoring.score_benchmarks(put_on(engine, audits), framework, schools=schools)
        as_expected(as_pandas(found), expected)


@pytest.mark.parametrize("engine", ["polars_lazy", "duckdb"])
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda rows: rows.assign(item="h"), r"\d+ item\(s\) are not in the framework"),
        (lambda rows: rows.assign(answer="maybe"), r"answer\(s\) are not on their item's scale"),
        (lambda rows: rows.assign(school_urn=rows["school_urn"].where(rows["item"] != "a")),
         r"row\(s\) have no school_urn"),
        (lambda rows: rows.assign(year_group="7"), "'a' is answered by year group"),
        (lambda rows: rows.assign(audit_date="02/11/2019"), "audit_date holds String, not dates"),
        (lambda rows: rows.assign(audit_date=rows["audit_date"].where(rows["item"] != "a")),
         "others have none"),
        (lambda rows: rows.drop(columns="answer"), "the table has no column 'answer'"),
    ],
)  # fmt: skip
def test_a_plan_is_refused_at_once_for_what_a_frame_is_refused_for(engine, change, problem, put_on):
    audits = change(hard_audits())
    with pytest.raises(CareerBenchError, match=problem):
        scoring.score_benchmarks(audits, hard_framework())
    with pytest.raises(CareerBenchError, match=problem):
        scoring.score_benchmarks(put_on(engine, audits), hard_framework())


@pytest.mark.parametrize("engine", LAZY)
def test_a_repeated_answer_in_a_plan_leaves_its_benchmark_unscored(engine, put_on, as_pandas):
    audits = hard_audits()
    audits = audits[(audits["school_urn"] == "900003")]
    whole = audits[(audits["item"] == "a") & (audits["wave"] == "baseline")]
    year = audits[(audits["item"] == "z") & (audits["wave"] == "year_1")].iloc[:1]
    both = pd.concat([audits, whole, whole, year])
    with pytest.raises(CareerBenchError, match="answered twice"):
        scoring.score_benchmarks(both, hard_framework())
    found = as_pandas(scoring.score_benchmarks(put_on(engine, both), hard_framework()))
    twice = found[found["share_reason"] == "answered twice"]
    assert twice[["wave", "benchmark", "state"]].to_numpy().tolist() == [
        ["baseline", "b1", "not scored"], ["year_1", "b2", "not scored"],
    ]  # fmt: skip
    others = found.drop(index=twice.index).reset_index(drop=True)
    expected = as_pandas(scoring.score_benchmarks(audits, hard_framework()))
    as_expected(others, expected.drop(index=twice.index).reset_index(drop=True))


def test_an_empty_plan_gives_an_empty_table(put_on, as_pandas):
    for engine in ("polars_lazy", "duckdb"):
        found = scoring.score_benchmarks(put_on(engine, hard_audits().iloc[:0]), hard_framework())
        assert len(as_pandas(found)) == 0


CELLS = [
    *((item, None) for item in ("a", "b", "d", "e", "f", "g", "note")),
    *((item, year) for item in "yz" for year in (None, "7", "9", "11")),
]
ANSWERS = st.sampled_from(["yes", "no", "na", "dk", "", None])


@settings(max_examples=60, derandomize=True)
@given(
    audits=st.lists(
        st.dictionaries(st.sampled_from(CELLS), ANSWERS, min_size=1), min_size=1, max_size=4
    ),
    missing=st.sampled_from(RULES),
    with_schools=st.booleans(),
)
def test_whatever_is_answered_frame_and_plan_agree(audits, missing, with_schools):
    import polars as pl
    import pyarrow as pa

    rows = [
        (f"90000{1 + number // 2}", f"w{number % 2}", item, year, answer)
        for number, said in enumerate(audits)
        for (item, year), answer in said.items()
    ]
    names = ["school_urn", "wave", "item", "year_group", "answer"]
    frame = pd.DataFrame(rows, columns=names).astype("str")
    options = {"missing": missing, "schools": register() if with_schools else None}
    expected = scoring.score_benchmarks(frame, hard_framework(), **options)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    plan = scoring.score_benchmarks(pl.from_arrow(table).lazy(), hard_framework(), **options)
    found = plan.collect().sort("school_urn", "wave", "benchmark").to_pandas()
    expected = expected.sort_values(["school_urn", "wave", "benchmark"], ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
