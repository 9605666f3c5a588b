"""Answers become scores."""

import pandas as pd
import pytest

from careerbench import frameworks, scoring
from careerbench.errors import CareerBenchError

TOML = """
id = "two"
title = "Two Benchmarks"
valid_from = 2024-09-01
[scales.yes_no]
answers = [{ code = "no", label = "No, not yet" }, { code = "yes", label = "Yes" }]
meets = ["yes"]
not_applicable = ["na"]
missing = ["dk"]
[[benchmark]]
id = "b1"
title = "One"
[[benchmark.criterion]]
id = "b1.all"
text = "both"
item = [{ id = "a", text = "A", scale = "yes_no" }, { id = "b", text = "B", scale = "yes_no" }]
[[benchmark.criterion]]
id = "b1.any"
text = "either"
rule = "any_of"
item = [{ id = "c", text = "C", scale = "yes_no" }, { id = "d", text = "D", scale = "yes_no" }]
[[benchmark]]
id = "b2"
title = "Two"
rule = { at_least = 1 }
[[benchmark.criterion]]
id = "b2.years"
text = "each year"
item = [{ id = "y", text = "Y", scale = "yes_no", by_year_group = true }]
[[benchmark.criterion]]
id = "b2.once"
text = "once"
item = [
  { id = "z", text = "Z", scale = "yes_no", by_year_group = true, across_years = "any_of" },
  { id = "note", text = "Note", scale = "yes_no", scored = false },
]
"""


@pytest.fixture
def framework(tmp_path):
    path = tmp_path / "two.toml"
    path.write_text(TOML, encoding="utf-8")
    return frameworks.load_framework(path)


def audit(**answers):
    """One school's audit at one wave; ``y_3="yes"`` is item y asked for Year 3."""
    rows = [(*(*name.split("_", 1), None)[:2], said) for name, said in answers.items()]
    frame = pd.DataFrame(rows, columns=["item", "year_group", "answer"])
    return frame.assign(school_urn="900001", wave="baseline")


def score(framework, audits, benchmark="b1", **options):
    scores = scoring.score_benchmarks(audits, framework, **options)
    return scores[scores["benchmark"] == benchmark].iloc[0]


def test_a_benchmark_is_achieved_when_every_criterion_is_met_though_one_item_is_not(framework):
    row = score(framework, audit(a="yes", b="yes", c="yes", d="no"))
    assert (row["state"], row["share"]) == ("achieved", 0.75)
    assert (row["n_criteria_met"], row["n_criteria_applicable"]) == (2, 2)


def test_a_benchmark_is_partial_when_some_item_is_met(framework):
    row = score(framework, audit(a="yes", b="no", c="no", d="no"))
    assert (row["state"], row["n_met"], row["share"]) == ("partial", 1, 0.25)


def test_a_benchmark_is_not_achieved_when_no_item_is_met(framework):
    row = score(framework, audit(a="no", b="no", c="no", d="no"))
    assert (row["state"], row["share"]) == ("not achieved", 0.0)


def test_an_item_that_does_not_apply_leaves_the_denominator(framework):
    row = score(framework, audit(a="yes", b="na", c="yes", d="no"))
    assert (row["n_items"], row["n_applicable"], row["n_answered"], row["n_met"]) == (4, 3, 3, 2)
    assert (row["state"], row["share"]) == ("achieved", pytest.approx(2 / 3))


def test_a_benchmark_of_which_nothing_applies_is_not_scored(framework):
    row = score(framework, audit(a="na", b="na", c="na", d="na"))
    assert (row["state"], row["share_reason"]) == ("not scored", "not applicable")
    assert pd.isna(row["share"])


def test_a_benchmark_of_which_nothing_was_answered_is_not_scored(framework):
    row = score(framework, audit(a=None, b="dk", c="", y_3="yes"))
    assert (row["state"], row["share_reason"]) == ("not scored", "not answered")
    assert (row["n_items"], row["n_applicable"], row["n_answered"]) == (4, 4, 0)


@pytest.mark.parametrize(
    ("missing", "state", "share"),
    [
        ("as_not_met", "partial", 0.5),
        ("exclude", "achieved", 1.0),
        ("not_scored", "not scored", None),
    ],
)
def test_each_missing_rule_does_what_it_says(framework, missing, state, share):
    row = score(framework, audit(a="yes", b=None, c="yes", d="dk"), missing=missing)
    assert row["state"] == state
    assert row["n_answered"] == 2
    assert pd.isna(row["share"]) if share is None else row["share"] == share


def test_an_item_asked_by_year_group_is_met_when_every_year_meets_it(framework):
    assert score(framework, audit(y_3="yes", y_4="yes"), "b2")["state"] == "achieved"
    assert score(framework, audit(y_3="yes", y_4="no"), "b2")["state"] == "not achieved"
    assert score(framework, audit(y_3="yes", y_4="na"), "b2")["state"] == "achieved"


@pytest.mark.parametrize(
    ("missing", "state"),
    [("as_not_met", "not achieved"), ("exclude", "achieved"), ("not_scored", "not scored")],
)
def test_a_year_group_left_blank_is_a_missing_answer(framework, missing, state):
    row = score(framework, audit(y_3="yes", y_4=None, z_3="no"), "b2", missing=missing)
    assert (row["state"], row["n_answered"]) == (state, 2)


def test_a_year_group_that_was_not_asked_does_not_count(framework):
    audits = audit(y_3="yes", y_4=None)
    audits["answer_reason"] = [None, "not_asked"]
    assert score(framework, audits, "b2")["n_met"] == 1


def test_an_answer_by_year_group_to_a_whole_school_item_is_refused(framework):
    with pytest.raises(CareerBenchError, match="'a' is answered by year group"):
        scoring.score_benchmarks(audit(a_3="yes"), framework)


def test_dates_kept_as_text_are_refused(framework):
    with pytest.raises(CareerBenchError, match="audit_date holds String, not dates"):
        scoring.score_benchmarks(audit(a="yes").assign(audit_date="02/11/2019"), framework)


def test_an_item_may_be_met_by_any_year(framework):
    row = score(framework, audit(z_3="yes", z_4="no"), "b2")
    assert (row["state"], row["n_items"], row["n_met"]) == ("achieved", 2, 1)


def test_a_benchmark_may_need_only_some_of_its_criteria(framework):
    row = score(framework, audit(y_3="yes", z_3="no"), "b2")
    assert (row["state"], row["n_criteria_met"], row["share"]) == ("achieved", 1, 0.5)


def test_an_unscored_item_changes_nothing(framework):
    with_note = score(framework, audit(y_3="no", note="yes"), "b2")
    without = score(framework, audit(y_3="no"), "b2")
    assert with_note.drop("wave").equals(without.drop("wave"))


def test_answers_are_read_by_label_and_in_any_case(framework):
    row = score(framework, audit(a="YES", b=" yes ", c="No, not yet", d="Yes"))
    assert row["state"] == "achieved"


def test_every_school_wave_and_benchmark_has_a_row(framework):
    both = pd.concat([audit(a="yes"), audit(y_3="yes").assign(wave="year_1")])
    scores = scoring.score_benchmarks(both, framework)
    assert scores[["wave", "benchmark"]].apply(tuple, axis=1).tolist() == [
        ("baseline", "b1"), ("baseline", "b2"), ("year_1", "b1"), ("year_1", "b2"),
    ]  # fmt: skip


def test_the_latest_audit_of_a_wave_counts_and_the_others_are_counted(framework):
    early = audit(a="no", b="no", c="no").assign(audit_date=pd.Timestamp("2024-10-01"))
    late = audit(a="yes", b="yes", c="yes").assign(audit_date=pd.Timestamp("2024-11-01"))
    row = score(framework, pd.concat([late, early]))
    assert (row["state"], row["n_audits"]) == ("achieved", 2)


def test_scoring_leaves_its_input_alone(framework):
    audits = audit(a="yes", b=None)
    before = audits.copy()
    scoring.score_benchmarks(audits, framework)
    pd.testing.assert_frame_equal(audits, before)


def test_an_unknown_item_is_named_with_the_nearest(framework):
    with pytest.raises(CareerBenchError) as caught:
        scoring.score_benchmarks(audit(a="yes", nota="yes"), framework)
    assert str(caught.value) == (
        "score_benchmarks: 1 item(s) are not in the framework 'two'.\n"
        "  found: 'nota'\n"
        "  try:   'nota': did you mean 'note'?"
    )


def test_an_unknown_answer_is_named_with_the_nearest(framework):
    with pytest.raises(CareerBenchError) as caught:
        scoring.score_benchmarks(audit(a="yess"), framework)
    assert str(caught.value) == (
        "score_benchmarks: 1 answer(s) are not on their item's scale.\n"
        "  found: 'a: yess'\n"
        "  try:   a: did you mean 'yes'?"
    )


def test_an_answer_given_twice_is_refused(framework):
    with pytest.raises(CareerBenchError, match="answered twice"):
        scoring.score_benchmarks(pd.concat([audit(a="yes"), audit(a="no")]), framework)


def test_a_table_without_answers_is_refused(framework):
    with pytest.raises(CareerBenchError, match="the table has no column 'answer'"):
        scoring.score_benchmarks(audit(a="yes").drop(columns="answer"), framework)


def test_a_framework_must_be_loaded_first():
    with pytest.raises(CareerBenchError, match="framework must be a Framework"):
        scoring.score_benchmarks(audit(a="yes"), "two")


def test_an_unknown_missing_rule_is_refused(framework):
    with pytest.raises(CareerBenchError, match="missing has no value 'zero'"):
        scoring.score_benchmarks(audit(a="yes"), framework, missing="zero")


def test_criteria_are_the_level_below(framework):
    criteria = scoring.score_criteria(audit(a="yes", b="no", c="yes", d="no"), framework)
    states = criteria.set_index("criterion")["state"].to_dict()
    assert states == {
        "b1.all": "partial", "b1.any": "achieved", "b2.years": "not scored", "b2.once": "not scored",
    }  # fmt: skip


def test_an_empty_table_gives_an_empty_table(framework):
    assert len(scoring.score_benchmarks(audit(a="yes").iloc[:0], framework)) == 0


@pytest.mark.parametrize("column", ["school_urn", "wave", "item"])
def test_an_answer_of_nobody_knows_whom_is_refused(framework, column):
    audits = audit(a="yes", b="yes")
    audits.loc[0, column] = None
    with pytest.raises(CareerBenchError, match=rf"1 row\(s\) have no {column}"):
        scoring.score_benchmarks(audits, framework)


def test_categories_texts_and_arrow_tables_give_the_same_scores(framework):
    import pyarrow as pa

    audits = pd.concat([audit(a="yes", y_3="yes", y_4="no"), audit(b="dk").assign(wave="year_1")])
    expected = scoring.score_benchmarks(audits, framework)
    coded = scoring.score_benchmarks(audits.astype("category"), framework)
    pd.testing.assert_frame_equal(coded.astype({"wave": "str"}), expected)
    arrow = scoring.score_benchmarks(pa.Table.from_pandas(audits, preserve_index=False), framework)
    assert isinstance(arrow, pa.Table)
    assert arrow.to_pylist() == pa.Table.from_pandas(expected, preserve_index=False).to_pylist()


def test_a_repeated_answer_for_a_year_group_names_school_wave_and_item(framework):
    audits = pd.concat([audit(y_3="yes", y_4="no"), audit(y_4="yes")])
    with pytest.raises(CareerBenchError, match="found: '900001, baseline, y'"):
        scoring.score_benchmarks(audits, framework)


def test_random_audits_score_as_an_independent_scorer_says(framework):
    import numpy as np

    rng = np.random.default_rng(5)
    said = np.array(["yes", "no", "dk", "na", ""])
    rows = [
        (f"{school}", wave, item, year, rng.choice(said))
        for school in range(60)
        for wave in ("w1", "w2")
        for item, years in (("a", [None]), ("b", [None]), ("c", [None]), ("d", [None]),
                            ("y", ["3", "4"]), ("z", ["3", "4", "5"]))
        for year in years
        if rng.random() < 0.8
    ]  # fmt: skip
    audits = pd.DataFrame(rows, columns=["school_urn", "wave", "item", "year_group", "answer"])
    for missing in ("as_not_met", "exclude", "not_scored"):
        found = scoring.score_benchmarks(audits, framework, missing=missing)
        for row in found.itertuples():
            mine = audits.query("school_urn == @row.school_urn and wave == @row.wave")
            expected = independent(mine, row.benchmark, missing)
            assert (row.n_applicable, row.n_answered, row.n_met, row.state) == expected


def independent(mine, benchmark, missing):
    """Score one school's Benchmark in plain Python, from the docstring's words."""
    answers = mine.groupby("item")["answer"].apply(list).to_dict()

    def item(name, rule=all):
        given = answers.get(name, [""])
        applying = [answer for answer in given if answer != "na"]
        answered = [answer for answer in given if answer in {"yes", "no"}]
        base = answered if missing == "exclude" else applying
        return (
            bool(applying),
            bool(answered),
            bool(base) and rule(answer == "yes" for answer in base),
            bool(answered) and len(answered) == len(applying),
        )

    parts = {
        "b1": [([item("a"), item("b")], 2), ([item("c"), item("d")], 1)],
        "b2": [([item("y")], 1), ([item("z", any)], 1)],
    }[benchmark]
    needed = {"b1": 2, "b2": 1}[benchmark]
    items = [one for group, _ in parts for one in group]
    applies, answered, met, complete = (sum(one[place] for one in items) for place in range(4))
    if not applies or not answered or (missing == "not_scored" and complete < applies):
        return applies, answered, met, "not scored"
    column = 1 if missing == "exclude" else 0
    verdicts = [
        sum(one[2] for one in group) >= min(k, sum(one[column] for one in group))
        for group, k in parts
        if sum(one[column] for one in group)
    ]
    if verdicts and sum(verdicts) >= min(needed, len(verdicts)):
        return applies, answered, met, "achieved"
    return applies, answered, met, "partial" if met else "not achieved"
