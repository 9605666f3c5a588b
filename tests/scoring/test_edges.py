"""Tables without rows, schools with nothing left to do, costs from other libraries."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from careerbench import frameworks, scoring
from careerbench.errors import CareerBenchError


@pytest.fixture
def primary():
    return frameworks.load_framework("ne-primary-2019")


@pytest.fixture
def finished(primary):
    """A school that has achieved everything."""
    meets = {name: item.meets[-1] for name, item in primary.items.items() if item.scored}
    audits = pd.DataFrame({"item": list(meets), "answer": list(meets.values())})
    return audits.assign(school_urn="900001", wave="baseline")


def test_a_school_with_everything_achieved_has_nothing_in_its_way(primary, finished):
    found = scoring.holding_back(scoring.score_criteria(finished, primary), audits=finished)
    assert len(found) == 0
    assert found.standings["state"].unique().tolist() == ["achieved"]
    assert len(found.by_criterion()) == 0
    assert list(found.to_frame().columns)[-3:] == ["n_items_short", "items", "framework"]


def test_a_school_with_everything_achieved_is_already_there(primary, finished):
    found = scoring.cheapest_path(finished, primary)
    row = found.to_frame().iloc[0]
    assert row[["n_achieved", "n_target", "reach", "cost"]].tolist() == [8, 8, "already there", 0]
    assert len(found.steps) == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda audits, framework: scoring.cheapest_path(audits, framework),
        lambda audits, framework: scoring.score_by_rater(audits.assign(rater="self"), framework),
        lambda audits, framework: scoring.holding_back(
            scoring.score_criteria(audits, framework), framework=framework
        ),
    ],
)
def test_a_table_without_rows_is_refused(primary, finished, call):
    with pytest.raises(CareerBenchError, match="no rows"):
        call(finished.head(0), primary)


def test_a_diary_without_rows_has_no_encounters(primary, finished):
    empty = pd.DataFrame({"school_urn": [], "wave": [], "year_group": [], "activity": []})
    found = scoring.count_encounters(empty)
    assert len(found) == len(found.uncounted) == len(found.diaries) == 0
    scores = scoring.score_benchmarks(finished, primary)
    claims = scoring.compare_with_claims(found, scores).to_frame()
    assert claims["verdict"].tolist() == ["no diary"] * 3


def test_claims_of_no_school_are_none(primary, finished):
    diary = pd.DataFrame({"school_urn": ["1"], "wave": "w", "year_group": "3", "activity": "talk"})
    scores = scoring.score_benchmarks(finished, primary).head(0)
    found = scoring.compare_with_claims(scoring.count_encounters(diary), scores, framework=primary)
    assert len(found) == 0


def test_blank_counts_are_refused(primary, finished):
    criteria = scoring.score_criteria(finished, primary)
    with pytest.raises(CareerBenchError, match="the table has blanks in 'n_met'"):
        scoring.holding_back(criteria.assign(n_met=criteria["n_met"].where(criteria.index > 0)))


def test_costs_and_targets_may_come_as_numbers_of_other_libraries(primary, finished):
    audits = finished.assign(answer=finished["answer"].where(finished["item"] != "p2_parents"))
    names = [part.id for benchmark in primary.benchmarks for part in benchmark.criteria]
    for one in (np.float64(0.1), np.int64(3), Decimal("0.1"), 0.1):
        costs = pd.Series(dict.fromkeys(names, one))
        found = scoring.cheapest_path(audits, primary, costs=costs, target=np.int64(8))
        assert found.to_frame()["cost"].tolist() == [float(one)]


def test_costs_are_added_exactly(primary, finished):
    audits = finished.assign(answer="")
    names = [part.id for benchmark in primary.benchmarks for part in benchmark.criteria]
    found = scoring.cheapest_path(audits, primary, costs=dict.fromkeys(names, 0.1)).to_frame()
    assert found["n_criteria"].tolist() == [len(names)]
    assert found["cost"].tolist() == [len(names) / 10]


def test_costs_without_names_are_refused(primary, finished):
    with pytest.raises(CareerBenchError, match="costs must name what they are for"):
        scoring.cheapest_path(finished, primary, costs=[1, 2])
