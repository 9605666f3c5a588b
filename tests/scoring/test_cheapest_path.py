"""The cheapest way to a target, against every subset of what could be done."""

import importlib.util
import itertools
import random
from pathlib import Path

import pandas as pd
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


def every_subset(framework, answers, missing, prices, target):
    """Try every set of items that apply: the best one's key, or None where none will do."""
    open_items = [name for name, said in answers.items() if said in ("no", None)]
    owner = {
        item.id: (number, part.id)
        for number, part in enumerate(
            part for whole in framework.benchmarks for part in whole.criteria
        )
        for item in part.items
    }
    place = {name: number for number, name in enumerate(framework.items)}
    sets = [
        chosen
        for size in range(len(open_items) + 1)
        for chosen in itertools.combinations(open_items, size)
    ]
    rest = "no" if missing == "not_scored" else None
    schools = {
        str(number): {
            name: "yes" if name in chosen else (rest if said is None else said)
            for name, said in answers.items()
        }
        for number, chosen in enumerate(sets)
    }
    scores = scoring.score_benchmarks(drawn.audits_of(schools), framework, missing=missing)
    keys = []
    for number, chosen in enumerate(sets):
        mine = scores[scores["school_urn"] == str(number)]
        achieved = set(mine.loc[mine["state"] == "achieved", "benchmark"])
        if target(achieved, mine):
            criteria = {owner[name] for name in chosen}
            cost = sum(prices.get(part, 0) for _, part in criteria)
            cost += sum(prices.get(name, 0) for name in chosen)
            keys.append(
                (cost, len(criteria), len(chosen), sorted(n for n, _ in criteria),
                 sorted(place[name] for name in chosen), [p for _, p in sorted(criteria)],
                 sorted(chosen, key=place.get))
            )  # fmt: skip
    return min(keys, default=None)


def targets(chance, framework):
    """A target as an argument, and as a question about the Benchmarks achieved."""
    ids = [benchmark.id for benchmark in framework.benchmarks]
    number = chance.randint(1, len(ids))
    named = chance.sample(ids, number)

    def every(achieved, scores):
        applying = set(scores.loc[scores["n_applicable"] > 0, "benchmark"])
        return bool(applying) and applying <= achieved

    return chance.choice([
        (None, every),
        (number, lambda achieved, _: len(achieved) >= number),
        (named, lambda achieved, _: set(named) <= achieved),
    ])  # fmt: skip


def prices_at_random(chance, framework):
    """None, with what it means; or a price for each criterion or each of its items."""
    criteria = [part for whole in framework.benchmarks for part in whole.criteria]
    way = chance.choice(["criterion", "item", "priced"])
    if way == "criterion":
        return None, way, dict.fromkeys((part.id for part in criteria), 1)
    if way == "item":
        return None, way, dict.fromkeys(framework.items, 1)
    costs = {}
    for part in criteria:
        names = [part.id] if chance.random() < 0.5 else [item.id for item in part.items]
        costs |= {name: chance.choice([0, 1, 2, 3, 5]) for name in names}
    return costs, "criterion", costs


@settings(max_examples=250)
@given(seed=st.integers(0, 10**9), missing=st.sampled_from(MISSING))
def test_no_subset_of_the_items_is_better(seed, missing):
    chance = random.Random(seed)
    framework = drawn.any_framework(chance)
    answers = drawn.any_answers(chance, framework)
    target, reached = targets(chance, framework)
    costs, smallest, prices = prices_at_random(chance, framework)
    best = every_subset(framework, answers, missing, prices, reached)
    found = scoring.cheapest_path(
        drawn.audits_of({"900001": answers}), framework,
        target=target, costs=costs, smallest=smallest, missing=missing,
    )  # fmt: skip
    (row,) = found.to_frame().to_dict("records")
    if best is None:
        assert row["reach"] == "too few apply"
        assert pd.isna(row["cost"])
        return
    assert (row["cost"], row["n_criteria"], row["n_items"]) == best[:3]
    assert row["criteria"] == ", ".join(best[5])
    assert row["items"] == ", ".join(best[6])
    assert found.steps["item"].tolist() == best[6]
    if row["n_items"]:
        assert row["reach"] == "can be reached"
    elif missing != "not_scored":
        assert row["reach"] == "already there"


@settings(max_examples=100)
@given(seed=st.integers(0, 10**9), missing=st.sampled_from(MISSING[:2]))
def test_a_table_of_criteria_gives_the_same_criteria_as_the_answers(seed, missing):
    chance = random.Random(seed)
    framework = drawn.any_framework(chance)
    audits = drawn.audits_of(
        {str(number): drawn.any_answers(chance, framework) for number in range(5)}
    )
    costs = {part.id: chance.randint(1, 3) for b in framework.benchmarks for part in b.criteria}
    criteria = scoring.score_criteria(audits, framework, missing=missing)
    options = {"target": 2, "costs": costs, "missing": missing}
    by_item = scoring.cheapest_path(audits, framework, **options).to_frame()
    by_criterion = scoring.cheapest_path(criteria, framework, **options).to_frame()
    same = ["school_urn", "n_achieved", "reach", "cost", "n_criteria"]
    pd.testing.assert_frame_equal(by_item[same], by_criterion[same])
    assert "items" not in by_criterion


@pytest.fixture
def primary():
    return frameworks.load_framework("ne-primary-2019")


def test_the_sample_schools_reach_what_the_path_promises(pilot):
    found = scoring.cheapest_path(pilot.audits, pilot.framework, target=5)
    steps = found.steps.assign(answer_met=True)
    keys = ["school_urn", "wave", "item"]
    done = pilot.audits.astype({"wave": "str"}).merge(
        steps.astype({"wave": "str"})[[*keys, "answer_met"]], on=keys, how="left"
    )
    meets = {name: item.meets[-1] for name, item in pilot.framework.items.items()}
    done["answer"] = done["answer"].where(done["answer_met"].isna(), done["item"].map(meets))
    scores = scoring.score_benchmarks(done, pilot.framework)
    n_achieved = (scores["state"] == "achieved").groupby(
        [scores["school_urn"], scores["wave"]]
    ).sum()  # fmt: skip
    assert len(n_achieved) == len(found) > 150
    assert (n_achieved >= 5).all()
    exactly = found.to_frame().query("reach == 'can be reached'")
    assert len(exactly)
    assert (exactly["n_achieved"] < 5).all()


def audit(**answers):
    return drawn.audits_of({"900001": answers})


def test_missing_answers_are_told_apart_from_what_is_to_be_done(primary):
    found = scoring.cheapest_path(
        audit(p2_pupils="all", p2_parents=None), primary, target="p2", missing="exclude"
    ).to_frame()
    assert found[["reach", "cost", "n_unanswered"]].to_numpy().tolist() == [["already there", 0, 1]]
    strict = scoring.cheapest_path(
        audit(p2_pupils="all", p2_parents=None), primary, target="p2", missing="not_scored"
    ).to_frame()
    assert strict[["reach", "items", "n_unanswered"]].to_numpy().tolist() == [
        ["can be reached", "p2_parents", 1]
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"target": 9}, "target must be from 1 to 8 Benchmarks"),
        ({"target": True}, "target names 'True', which is no Benchmark"),
        ({"target": []}, "target names nothing"),
        ({"target": "p22"}, "did you mean 'p2'"),
        ({"costs": {"p2.parent": 3}}, "did you mean 'p2.parents'"),
        ({"costs": {"p2.parents": 3}}, "criteria have no price"),
        ({"costs": {"p2.parents": -1}}, "must be a number from 0"),
        ({"costs": {"p2.parents": float("nan")}}, "must be a number from 0"),
        ({"costs": {"p2.parents": "3"}}, "must be a number from 0"),
        ({"costs": {"p2.parents": 3, "p2_parents": 1}}, "have no price|have a price and so have"),
        ({"smallest": "school"}, "smallest has no value 'school'"),
        ({"missing": "zero"}, "missing has no value 'zero'"),
    ],
)
def test_what_cannot_be_meant_is_refused(primary, options, said):
    with pytest.raises(CareerBenchError, match=said):
        scoring.cheapest_path(audit(p2_pupils="all"), primary, **options)


def test_what_is_no_table_is_refused(primary):
    with pytest.raises(CareerBenchError, match="a table is needed"):
        scoring.cheapest_path([1, 2], primary)


def test_answers_without_their_framework_are_refused():
    with pytest.raises(CareerBenchError, match="answers need their framework"):
        scoring.cheapest_path(audit(p2_pupils="all"))


def test_a_table_of_criteria_cannot_count_items(primary):
    criteria = scoring.score_criteria(audit(p2_pupils="all"), primary)
    with pytest.raises(CareerBenchError, match="does not say which items are met"):
        scoring.cheapest_path(criteria, smallest="item")
    with pytest.raises(CareerBenchError, match="the table has no criteria of 'p1'"):
        scoring.cheapest_path(criteria[criteria["benchmark"] == "p2"], target="p1")
    some = scoring.cheapest_path(criteria[criteria["benchmark"] == "p2"]).to_frame()
    assert some["criteria"].tolist() == ["p2.parents"]


def test_half_a_table_of_criteria_is_refused(primary):
    criteria = scoring.score_criteria(audit(p2_pupils="all"), primary)
    with pytest.raises(CareerBenchError, match="one row for each school, wave and criterion"):
        scoring.cheapest_path(criteria[criteria["criterion"] != "p2.parents"])
