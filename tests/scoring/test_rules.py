"""Rules within rules, the first that applies, and items that are not put to every school."""

import itertools

import pandas as pd
import pytest

from careerbench import frameworks, scoring
from careerbench.errors import CareerBenchError

HEAD = """
id = "nested"
title = "Nested"
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
  { code = "most", label = "Most (51-99%)", above = 50 },
  { code = "all", label = "All", from = 100 },
]
meets = ["most", "all"]
[[benchmark]]
id = "b"
title = "B"
"""


def load(tmp_path, body):
    path = tmp_path / "nested.toml"
    path.write_text(HEAD + body, encoding="utf-8")
    return frameworks.load_framework(path)


def items(*names, more=""):
    rows = [f'{{ id = "{name}", text = "{name}", scale = "s"{more} }}' for name in names]
    return f"item = [{', '.join(rows)}]\n"


def audit(urn="900001", **answers):
    frame = pd.DataFrame({"item": list(answers), "answer": list(answers.values())})
    return frame.assign(school_urn=urn, wave="baseline")


def row(framework, audits, **options):
    (only,) = scoring.score_benchmarks(audits, framework, **options).to_dict("records")
    return only


NESTED = """
[[benchmark.criterion]]
id = "c"
text = "c"
rule = { at_least = 2, of = ["a", { all_of = ["d", "e"] }, { any_of = ["f", "g"] }] }
""" + items("a", "d", "e", "f", "g")


def by_hand(said, missing):
    """The rule above, written once more by its words: (achieved, counts or not)."""

    def item(name):
        answer = said[name]
        if answer == "na" or (answer == "dk" and missing == "exclude"):
            return None
        return answer == "yes"

    def over(verdicts, needed):
        known = [verdict for verdict in verdicts if verdict is not None]
        return sum(known) >= min(needed, len(known)) if known else None

    both = over([item("d"), item("e")], 2)
    either = over([item("f"), item("g")], 1)
    return over([item("a"), both, either], 2)


@pytest.mark.parametrize("missing", ["as_not_met", "exclude", "not_scored"])
def test_a_rule_within_a_rule_holds_as_its_words_say_for_every_set_of_answers(tmp_path, missing):
    framework = load(tmp_path, NESTED)
    sets = list(itertools.product(["yes", "no", "na", "dk"], repeat=5))
    audits = pd.concat(
        audit(str(900_001 + n), **dict(zip("adefg", answers, strict=True)))
        for n, answers in enumerate(sets)
    )
    scores = scoring.score_benchmarks(audits, framework, missing=missing)
    for answers, state in zip(sets, scores["state"], strict=True):
        said = dict(zip("adefg", answers, strict=True))
        known = [answer for answer in answers if answer != "na"]
        if not known or set(known) == {"dk"} or (missing == "not_scored" and "dk" in known):
            expected = "not scored"
        elif by_hand(said, missing):
            expected = "achieved"
        else:
            expected = "partial" if "yes" in answers else "not achieved"
        assert state == expected, (said, state)


def test_a_benchmarks_rule_can_be_nested_over_its_criteria(tmp_path):
    body = 'rule = { any_of = ["c1", { all_of = ["c2", "c3"] }] }\n'
    for name, item in (("c1", "a"), ("c2", "d"), ("c3", "e")):
        body += f'[[benchmark.criterion]]\nid = "{name}"\ntext = "{name}"\n{items(item)}'
    framework = load(tmp_path, body)
    found = row(framework, audit(a="no", d="yes", e="yes"))
    assert (found["state"], found["n_criteria_met"], found["n_criteria_applicable"]) == (
        "achieved", 2, 3,
    )  # fmt: skip
    assert row(framework, audit(a="no", d="yes", e="no"))["state"] == "partial"


FIRST = 'id = "c"\ntext = "c"\nrule = "first_of"\n'


def test_the_question_for_the_lowest_relevant_age_decides(tmp_path):
    body = "[[benchmark.criterion]]\n" + FIRST + items("by_14", "by_16", "by_18")
    framework = load(tmp_path, body)
    middle = row(framework, audit(by_14="yes", by_16="no", by_18="na"))
    assert (middle["state"], middle["n_applicable"], middle["n_met"]) == ("achieved", 1, 1)
    upper = row(framework, audit(by_14="na", by_16="no", by_18="yes"))
    assert (upper["state"], upper["n_applicable"], upper["n_met"]) == ("not achieved", 1, 0)
    none = row(framework, audit(by_14="na", by_16="na", by_18="na"))
    assert (none["state"], none["share_reason"]) == ("not scored", "not applicable")


CONDITIONS = """
[[benchmark.criterion]]
id = "c"
text = "c"
item = [
  { id = "every", text = "every", scale = "s" },
  { id = "upper", text = "upper", scale = "s", phases = ["Secondary", "All-through"] },
  { id = "sixth", text = "sixth", scale = "s", sixth_form = true },
  { id = "without", text = "without", scale = "s", sixth_form = false },
  { id = "ks3", text = "ks3", scale = "s", year_groups = ["7", "8", "9"] },
]
"""
ALL_YES = dict.fromkeys(("every", "upper", "sixth", "without", "ks3"), "yes")


def school(phase, low, high, sixth_form):
    return pd.DataFrame({
        "school_urn": ["900001"], "phase": [phase], "statutory_low_age": [low],
        "statutory_high_age": [high], "sixth_form": [sixth_form],
    })  # fmt: skip


@pytest.mark.parametrize(
    ("register", "asked"),
    [
        (("Primary", 4, 11, "Not applicable"), {"every", "without"}),
        (("Middle deemed secondary", 9, 13, "Does not have a sixth form"),
         {"every", "without", "ks3"}),
        (("Secondary", 11, 18, "Has a sixth form"), {"every", "upper", "sixth", "ks3"}),
        (("secondary ", 14, 19, "Has a sixth form"), {"every", "upper", "sixth"}),
        ((None, None, None, None), set(ALL_YES)),
    ],
)  # fmt: skip
def test_an_item_is_put_only_to_the_schools_it_is_for(tmp_path, register, asked):
    framework = load(tmp_path, CONDITIONS)
    found = row(framework, audit(**ALL_YES), schools=school(*register))
    assert (found["n_items"], found["n_applicable"], found["n_met"]) == (5, len(asked), len(asked))
    for name in ALL_YES:
        one_no = row(framework, audit(**(ALL_YES | {name: "no"})), schools=school(*register))
        assert one_no["state"] == ("partial" if name in asked else "achieved"), name


def test_without_a_register_items_apply_unless_answered_otherwise(tmp_path):
    framework = load(tmp_path, CONDITIONS)
    assert row(framework, audit(**ALL_YES))["n_applicable"] == 5
    assert row(framework, audit(**(ALL_YES | {"sixth": "na"})))["n_applicable"] == 4


def test_high_age_stands_in_for_an_unknown_sixth_form(tmp_path):
    framework = load(tmp_path, CONDITIONS)
    register = school("Secondary", 11, 16, None).drop(columns="sixth_form")
    assert row(framework, audit(**ALL_YES), schools=register)["n_applicable"] == 4


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda schools: schools.assign(school_urn="900002"), "1 school of the audits not in"),
        (lambda schools: schools.drop(columns="phase"), "the table has no column 'phase'"),
        (lambda schools: pd.concat([schools, schools]), "schools has a school twice"),
    ],
)
def test_a_register_that_cannot_answer_is_refused(tmp_path, change, problem):
    framework = load(tmp_path, CONDITIONS)
    register = change(school("Secondary", 11, 16, None))
    with pytest.raises(CareerBenchError, match=problem):
        scoring.score_benchmarks(audit(**ALL_YES), framework, schools=register)


@pytest.mark.parametrize(
    ("said", "state"),
    [("0", "not achieved"), ("0.4%", "not achieved"), ("50", "not achieved"), ("50.5", "achieved"),
     ("51%", "achieved"), ("99.9", "achieved"), ("100", "achieved"), ("most", "achieved"),
     ("Some", "not achieved")],
)  # fmt: skip
def test_a_percentage_falls_into_its_band(tmp_path, said, state):
    body = '[[benchmark.criterion]]\nid = "c"\ntext = "c"\n' + items("p").replace('"s"', '"bands"')
    assert row(load(tmp_path, body), audit(p=said))["state"] == state


def test_a_bare_fraction_is_refused_because_it_could_mean_two_things(tmp_path):
    body = '[[benchmark.criterion]]\nid = "c"\ntext = "c"\n' + items("p").replace('"s"', '"bands"')
    with pytest.raises(CareerBenchError, match="not on their item's scale"):
        row(load(tmp_path, body), audit(p="0.67"))


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ('{ all_of = ["a"] }', "the rule leaves out 'd', 'e', 'f', 'g'"),
        ('{ all_of = ["a", "d", "e", "f", "g", "a"] }', "names 'a' more than once"),
        ('{ any_of = ["a", "d", "e", "f", "h"] }', "the rule names 'h'"),
        ('{ any_of = [] }', "must be a list of ids and rules"),
        ('{ at_least = 3, of = ["a", { any_of = ["d", "e", "f", "g"] }] }', "can never hold"),
        ("{ at_least = 0 }", "must be a whole number from 1"),
        ('{ at_least = 1, any_of = ["a"] }', "is not all_of, any_of"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_meant_is_a_fault(tmp_path, rule, fault):
    start = NESTED.index("rule = ")
    body = NESTED[:start] + f"rule = {rule}\n" + NESTED[NESTED.index("item = ") :]
    with pytest.raises(CareerBenchError, match=fault):
        load(tmp_path, body)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("from = 0", "above = 0", "the first band must begin from = 0"),
        ("above = 50", "above = 0", "must be in rising order"),
        ('label = "None", from = 0', 'label = "None"', "'none' needs from or above"),
        ("from = 100", "from = 120", "begins at 120, which is no percentage"),
    ],
)
def test_bands_that_do_not_cover_the_percentages_in_order_are_a_fault(tmp_path, old, new, fault):
    path = tmp_path / "bands.toml"
    path.write_text((HEAD + NESTED).replace(old, new), encoding="utf-8")
    with pytest.raises(CareerBenchError, match=fault):
        frameworks.load_framework(path)
