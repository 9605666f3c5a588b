"""What holds a school back, against every subset of criteria."""

import importlib.util
import itertools
import random
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careerbench import frameworks, scoring
from careerbench.errors import CareerBenchError

_SPEC = importlib.util.spec_from_file_location(
    "any_framework", Path(__file__).with_name("any_framework.py")
)
drawn = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(drawn)

MISSING = ("as_not_met", "exclude", "not_scored")


def smallest_sets(framework, answers, missing, benchmark):
    """Every set of criteria that count and are not met, none to spare, that achieves it."""
    table = scoring.score_criteria(
        drawn.audits_of({"1": answers}), framework, missing=missing
    ).query("benchmark == @benchmark.id")
    counts = table["n_answered" if missing == "exclude" else "n_applicable"] > 0
    open_criteria = table.loc[counts & (table["state"] != "achieved"), "criterion"].tolist()
    items = {part.id: [item.id for item in part.items] for part in benchmark.criteria}
    sets = [
        set(chosen)
        for size in range(len(open_criteria) + 1)
        for chosen in itertools.combinations(open_criteria, size)
    ]
    schools = {}
    for number, chosen in enumerate(sets):
        met = {name for part in chosen for name in items[part] if answers[name] != "na"}
        schools[str(number)] = answers | dict.fromkeys(met, "yes")
    scores = scoring.score_benchmarks(drawn.audits_of(schools), framework, missing=missing)
    mine = scores[scores["benchmark"] == benchmark.id]
    will_do = [one for one, state in zip(sets, mine["state"], strict=True) if state == "achieved"]
    return [one for one in will_do if not any(other < one for other in will_do)]


@settings(max_examples=200)
@given(seed=st.integers(0, 10**9), missing=st.sampled_from(MISSING))
def test_the_sets_are_all_that_would_do_with_nothing_to_spare(seed, missing):
    chance = random.Random(seed)
    framework = drawn.any_framework(chance)
    answers = drawn.any_answers(chance, framework)
    audits = drawn.audits_of({"1": answers})
    criteria = scoring.score_criteria(audits, framework, missing=missing)
    scores = scoring.score_benchmarks(audits, framework, missing=missing).set_index("benchmark")
    options = {"framework": framework, "missing": missing, "towards": "achieved"}
    found = scoring.holding_back(criteria, most_sets=99, **options)
    table = found.to_frame()
    assert found.standings.set_index("benchmark")["state"].equals(scores["state"])
    for benchmark in framework.benchmarks:
        mine = table[table["benchmark"] == benchmark.id]
        if scores.loc[benchmark.id, "state"] in ("achieved", "not scored"):
            assert len(mine) == 0
            continue
        listed = [set(rows["criterion"]) for _, rows in mine.groupby("set")]
        expected = smallest_sets(framework, answers, missing, benchmark)
        assert sorted(map(sorted, listed)) == sorted(map(sorted, expected))
        assert mine["n_sets"].unique().tolist() == [len(expected)]
        assert [len(one) for one in listed] == sorted(len(one) for one in listed)
        alone = {name for one in expected if len(one) == 1 for name in one}
        assert set(mine.loc[mine["alone"], "criterion"]) == alone


TOML = """
id = "held"
title = "Held back"
valid_from = 2024-09-01
[scales.s]
answers = ["no", "yes"]
meets = ["yes"]
not_applicable = ["na"]
[[benchmark]]
id = "b1"
title = "All of"
[[benchmark.criterion]]
id = "lead"
text = "lead"
item = [{ id = "a", text = "a", scale = "s" }, { id = "b", text = "b", scale = "s" }]
[[benchmark.criterion]]
id = "plan"
text = "plan"
rule = "any_of"
item = [{ id = "c", text = "c", scale = "s" }, { id = "d", text = "d", scale = "s" }]
[[benchmark]]
id = "b2"
title = "Two of three"
rule = { at_least = 2 }
[[benchmark.criterion]]
id = "one"
text = "one"
item = [{ id = "x", text = "x", scale = "s" }]
[[benchmark.criterion]]
id = "two"
text = "two"
item = [{ id = "y", text = "y", scale = "s" }]
[[benchmark.criterion]]
id = "three"
text = "three"
item = [{ id = "z", text = "z", scale = "s" }]
"""
SAID = {"a": "yes", "b": "no", "c": "no", "d": None, "x": "yes", "y": "no", "z": "no"}


@pytest.fixture
def framework(tmp_path):
    path = tmp_path / "held.toml"
    path.write_text(TOML, encoding="utf-8")
    return frameworks.load_framework(path)


def rows(found, *columns):
    return list(found.to_frame()[list(columns)].itertuples(index=False, name=None))


def test_each_criterion_in_the_way_is_named_with_what_it_lacks(framework):
    audits = drawn.audits_of({"1": SAID})
    scores = scoring.score_benchmarks(audits, framework)
    found = scoring.holding_back(scores, audits=audits, framework=framework)
    columns = ("benchmark", "n_sets", "set", "criterion", "alone", "n_items_short", "items")
    assert rows(found, *columns) == [
        ("b1", 1, 1, "lead", False, 1, "b"),
        ("b1", 1, 1, "plan", False, 1, "c"),
        ("b2", 2, 1, "two", True, 1, "y"),
        ("b2", 2, 2, "three", True, 1, "z"),
    ]
    assert rows(found, "n_not_met", "n_unanswered") == [(1, 0), (2, 1), (1, 0), (1, 0)]


def test_from_not_achieved_the_next_state_is_partial_and_any_item_will_do(framework):
    nothing = drawn.audits_of({"1": dict.fromkeys(SAID, "no")})
    criteria = scoring.score_criteria(nothing, framework)
    found = scoring.holding_back(criteria, audits=nothing, framework=framework)
    assert rows(found, "next_state", "n_sets", "set", "criterion", "alone", "n_items_short") == [
        ("partial", 2, 1, "lead", True, 1),
        ("partial", 2, 2, "plan", True, 1),
        ("partial", 3, 1, "one", True, 1),
        ("partial", 3, 2, "two", True, 1),
        ("partial", 3, 3, "three", True, 1),
    ]
    whole = scoring.holding_back(criteria, framework=framework, towards="achieved")
    assert rows(whole, "next_state", "set", "criterion")[:2] == [
        ("achieved", 1, "lead"), ("achieved", 1, "plan"),
    ]  # fmt: skip


def test_the_summary_counts_schools_and_puts_the_next_easiest_first(framework):
    schools = {
        "1": SAID,
        "2": SAID | {"b": "yes"},
        "3": SAID | {"b": "yes", "c": "yes"},
        "4": dict.fromkeys(SAID, "na"),
    }
    criteria = scoring.score_criteria(drawn.audits_of(schools), framework)
    found = scoring.holding_back(criteria, framework=framework).by_criterion().to_frame()
    columns = ["criterion", "n_scored", "n_short", "n_held_back", "n_alone", "share_alone"]
    assert found.loc[found["benchmark"] == "b1", columns].to_numpy().tolist() == [
        ["plan", 3, 2, 2, 1, 0.5],
        ["lead", 3, 2, 1, 0, 0.0],
    ]


def test_sets_beyond_those_listed_are_counted(framework):
    nothing = drawn.audits_of({"1": SAID | {"x": "no", "a": "yes"}})
    criteria = scoring.score_criteria(nothing, framework)
    found = scoring.holding_back(
        criteria, framework=framework, towards="achieved", most_sets=1
    ).to_frame()
    assert found.loc[found["benchmark"] == "b2", ["n_sets", "set", "criterion"]].to_numpy().tolist() == [
        [3, 1, "one"], [3, 1, "two"],
    ]  # fmt: skip


def test_a_selection_of_scores_gets_only_its_own_rows(pilot):
    scores = scoring.score_benchmarks(pilot.audits, pilot.framework)
    some = scores[(scores["wave"] == "baseline") & scores["benchmark"].isin(["p1", "p5"])].head(20)
    found = scoring.holding_back(some, audits=pilot.audits)
    assert len(found.standings) == 20
    mine = found.to_frame()
    assert set(mine["benchmark"]) <= {"p1", "p5"}
    assert set(mine["school_urn"]) <= set(some["school_urn"])
    criteria = scoring.score_criteria(pilot.audits, pilot.framework)
    whole = scoring.holding_back(criteria).to_frame()
    assert len(whole) > len(mine) > 0


def test_scores_of_benchmarks_alone_cannot_name_criteria(framework):
    scores = scoring.score_benchmarks(drawn.audits_of({"1": SAID}), framework)
    with pytest.raises(CareerBenchError) as caught:
        scoring.holding_back(scores)
    assert str(caught.value) == (
        "holding_back: scores of Benchmarks do not say which criteria are met.\n"
        "  found: a table without the column 'criterion'\n"
        "  try:   holding_back(scoring.score_criteria(audits, framework)), or "
        "holding_back(scores, audits=audits)"
    )


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (lambda table: table, {}, "not one that comes with careerbench"),
        (lambda table: table.assign(framework="ne-primary-2019"), {}, "are not in the framework"),
        (lambda table: pd.concat([table, table]), {"framework": True}, "7 there more|5 there more"),
        (lambda table: table.drop(columns="n_met"), {"framework": True}, "no column 'n_met'"),
        (lambda table: table.assign(framework="other"), {"framework": True}, "another framework"),
        (lambda table: table, {"framework": True, "towards": "up"}, "towards has no value 'up'"),
        (lambda table: table, {"framework": True, "most_sets": 0}, "whole number from 1"),
        (lambda table: table["state"].tolist(), {}, "a table is needed"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(framework, change, options, said):
    criteria = scoring.score_criteria(drawn.audits_of({"1": SAID}), framework)
    options = options | ({"framework": framework} if options.get("framework") else {})
    with pytest.raises(CareerBenchError, match=said):
        scoring.holding_back(change(criteria), **options)


def test_the_table_shows_itself_with_what_it_leaves_out(framework):
    criteria = scoring.score_criteria(drawn.audits_of({"1": SAID}), framework)
    found = scoring.holding_back(criteria, framework=framework)
    assert "No rows for 0 Benchmarks already achieved and 0 not scored" in found._repr_html_()
    assert repr(found) == "<HoldingBack: 4 rows x 13 columns, framework='held'>"


def test_scores_of_another_engine_are_read_as_well(framework):
    audits = pl.from_pandas(drawn.audits_of({"1": SAID}))
    criteria = scoring.score_criteria(audits, framework)
    found = scoring.holding_back(criteria, framework=framework)
    assert rows(found, "criterion") == [("lead",), ("plan",), ("two",), ("three",)]
    path = scoring.cheapest_path(audits, framework).to_frame()
    assert path["criteria"].tolist() == ["lead, plan, two"]
