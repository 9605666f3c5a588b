"""Words for codes: every code of a release has its word, and a turned question its own."""

import dataclasses

import pytest

from careerbench.disclosure.labels import labels_of
from careerbench.disclosure.populations import populations_of


@pytest.fixture(scope="module")
def words(pilot):
    found = labels_of(pilot)
    return {(row.dimension, row.code): row.label for row in found.itertuples()}


def test_a_question_put_the_other_way_round_counts_the_other_answers_as_positive(words):
    assert words["answer_group:pupils", "positive"] == "Positive (A bit or Yes)"
    own = words["answer_group:pupils:pu_not_for_me", "positive"]
    assert own == "Positive (No or Not really)"
    assert words["answer_group:teachers:te_no_time", "positive"] == (
        "Positive (Strongly disagree or Disagree)"
    )


def test_the_words_of_groups_are_those_that_the_counts_are_made_with(pilot, words):
    """What counts as positive is read off the populations themselves."""
    seen = set()
    for each in populations_of(pilot):
        if not {"answer", "answer_group"} <= set(each.base.columns):
            continue
        positive = each.base.loc[each.base["answer_group"] == "positive", "answer"].unique()
        usual = words[f"answer_group:{each.topic}", "positive"]
        said = words.get((f"answer_group:{each.topic}:{each.item}", "positive"), usual)
        order = list(pilot.surveys[each.topic].scale.answers)
        named = [words[f"answer:{each.topic}", code] for code in sorted(positive, key=order.index)]
        assert said == f"Positive ({' or '.join(named)})", each.item
        seen.add((each.topic, each.item))
    assert len(seen) > 10


def test_every_code_of_a_characteristic_has_a_word_and_an_odd_one_is_its_own(pilot, words):
    assert [words["key_stage", code] for code in ("EYFS", "KS1")] == [
        "Early years (EYFS)", "Key stage 1",
    ]  # fmt: skip
    assert (words["sex", "F"], words["fsm", "no"]) == (
        "Female",
        "Not eligible for free school meals",
    )
    assert words["characteristic", "fsm"] == "Free school meals"
    survey = pilot.surveys["pupils"]
    odd = survey.responses.assign(sex=survey.responses["sex"].replace({"M": "X9"}))
    study = dataclasses.replace(
        pilot, surveys={"pupils": dataclasses.replace(survey, responses=odd)}
    )
    rows = labels_of(study)
    assert rows.loc[rows["dimension"] == "sex", ["code", "label"]].to_numpy().tolist() == [
        ["F", "Female"], ["X9", "X9"],
    ]  # fmt: skip


def test_nothing_is_named_twice(pilot):
    assert not labels_of(pilot).duplicated(["dimension", "code"]).any()
