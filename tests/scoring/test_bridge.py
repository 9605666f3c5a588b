"""Two editions compared on what both ask for."""

import pandas as pd
import pytest

from careerbench import analysis, frameworks, scoring
from careerbench.errors import CareerBenchError

HEAD = """
id = "{id}"
family = "made"
title = "{id}"
valid_from = {year}-09-01
[scales.s]
answers = ["no", "yes"]
meets = ["yes"]
not_applicable = ["na"]
"""


def criterion(name, *items, rule=""):
    rows = ", ".join(f'{{ id = "{item}", text = "{item}", scale = "s" }}' for item in items)
    rule = f"rule = {rule}\n" if rule else ""
    return f'[[benchmark.criterion]]\nid = "c.{name}"\ntext = "{name}"\n{rule}item = [{rows}]\n'


def benchmark(name, *criteria, rule=""):
    rule = f"rule = {rule}\n" if rule else ""
    return f'[[benchmark]]\nid = "{name}"\ntitle = "{name}"\n{rule}' + "".join(criteria)


OLD = HEAD.format(id="made-1", year=2014) + "".join([
    benchmark("b1", criterion("lead", "lead"), criterion("plan", "plan_a", "plan_b")),
    benchmark("b2", criterion("by14", "by14"), criterion("old", "old")),
    benchmark("b3", criterion("either", "e", "f", rule='"any_of"')),
    benchmark("b4", criterion("gone4", "g")),
])  # fmt: skip
NEW = HEAD.format(id="made-2", year=2025) + "".join([
    benchmark("n1", criterion("lead", "lead"), criterion("plans", "p1"), criterion("plans2", "p2")),
    benchmark("n2", criterion("stages", "s1", "s2"), criterion("same2", "same2")),
    benchmark("n3", criterion("either", "e", "f", rule='"any_of"'), criterion("fresh", "fresh")),
    benchmark("n5", criterion("all_new", "x")),
])  # fmt: skip
LINKS = """
id = "made-1--made-2"
title = "Made up"
before = "made-1.toml"
after = "made-2.toml"
[[link]]
relation = "same"
before = ["c.lead"]
after = ["c.lead"]
[[link]]
relation = "same"
before = ["c.plan"]
after = ["c.plans", "c.plans2"]
[[link]]
relation = "broader"
before = ["c.by14"]
after = ["c.stages"]
[[link]]
relation = "gone"
before = ["c.old"]
[[link]]
relation = "new"
after = ["c.same2"]
[[link]]
relation = "same"
before = ["c.either"]
after = ["c.either"]
[[link]]
relation = "new"
after = ["c.fresh"]
[[link]]
relation = "gone"
before = ["c.gone4"]
[[link]]
relation = "new"
after = ["c.all_new"]
"""


@pytest.fixture
def made(tmp_path):
    def make(links=LINKS, old=OLD, new=NEW):
        for name, text in (("made-1", old), ("made-2", new), ("links", links)):
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return frameworks.load_crosswalk(tmp_path / "links.toml")

    return make


def audit(wave, urn="900001", **answers):
    frame = pd.DataFrame({"item": list(answers), "answer": list(answers.values())})
    return frame.assign(school_urn=urn, wave=wave)


BEFORE = audit(
    "2024", lead="yes", plan_a="yes", plan_b="no", by14="yes", old="no", e="no", f="yes", g="yes"
)
AFTER = audit("2025", lead="yes", p1="yes", p2="yes", s1="yes", s2="no", same2="no", e="no", f="no",
              fresh="yes", x="yes")  # fmt: skip


def verdicts(found):
    return found.to_frame().set_index("benchmark")["verdict"].to_dict()


def states(found):
    pairs = found.scores.set_index(["edition", "benchmark"])["state"].to_dict()
    return {f"{edition} {benchmark}": state for (edition, benchmark), state in pairs.items()}


def test_each_benchmark_gets_a_verdict_with_its_reason(made):
    found = scoring.bridge(BEFORE, AFTER, made())
    table = found.to_frame()
    assert table[["benchmark", "before_benchmark", "verdict", "n_common", "n_links"]].to_numpy().tolist() == [
        ["n1", "b1", "comparable", 2, 2],
        ["n2", "b2", "not", 0, 3],
        ["n3", "b3", "with care", 1, 2],
        ["n5", "", "not", 0, 1],
        ["", "b4", "not", 0, 1],
    ]  # fmt: skip
    assert table["reason"].tolist() == [
        "all of it is asked for alike: the same c.lead, c.plan to c.plans + c.plans2",
        "nothing of it is asked for alike: broader since c.by14 to c.stages; new c.same2; gone c.old",
        "only a part of the Benchmark is common: the same c.either; new c.fresh",
        "nothing of it is asked for alike: new c.all_new",
        "nothing of it is asked for alike: gone c.gone4",
    ]


def test_only_what_both_ask_for_is_scored(made):
    found = scoring.bridge(BEFORE, AFTER, made())
    assert states(found) == {
        "made-1 n1": "partial", "made-1 n3": "achieved",
        "made-2 n1": "achieved", "made-2 n3": "not achieved",
    }  # fmt: skip
    assert found.scores["framework"].unique().tolist() == ["made-1--made-2"]
    scores = scoring.score_benchmarks(BEFORE, made().from_framework)
    assert list(found.scores.columns) == [*scores.columns, "edition"]
    assert found.scores.groupby("benchmark", sort=False)["n_criteria_applicable"].agg(list).tolist() == [
        [2, 2], [1, 1],
    ]  # fmt: skip


def test_criteria_that_overlap_are_compared_only_when_asked_for_and_with_care(made):
    found = scoring.bridge(BEFORE, AFTER, made(), include="overlapping")
    assert verdicts(found)["n2"] == "with care"
    assert states(found)["made-1 n2"] == "achieved"
    assert states(found)["made-2 n2"] == "partial"


def test_a_change_is_computed_on_the_bridge_and_refused_without_it(made):
    old, new = made().from_framework, made().to_framework
    both = pd.concat([scoring.score_benchmarks(BEFORE, old), scoring.score_benchmarks(AFTER, new)])
    with pytest.raises(CareerBenchError, match=r"try:   scoring\.bridge\("):
        analysis.change(both, before="2024", after="2025")
    found = analysis.change(
        scoring.bridge(BEFORE, AFTER, made()).scores, before="2024", after="2025"
    ).to_frame()
    assert found[["benchmark", "n_pairs", "matched_change_pp"]].to_numpy().tolist() == [
        ["n1", 1, 100.0], ["n3", 1, -100.0],
    ]  # fmt: skip


def test_a_school_that_answered_nothing_common_is_there_and_not_scored(made):
    other = audit("2024", urn="900002", old="yes")
    found = scoring.bridge(pd.concat([BEFORE, other]), AFTER, made())
    mine = found.scores[found.scores["school_urn"] == "900002"]
    assert mine["state"].tolist() == ["not scored", "not scored"]


def test_rules_that_differ_between_the_editions_call_for_care(made):
    loose = NEW.replace('id = "n1"\ntitle = "n1"\n', 'id = "n1"\ntitle = "n1"\nrule = "any_of"\n')
    found = scoring.bridge(BEFORE, AFTER, made(new=loose))
    row = found.to_frame().iloc[0]
    assert row["verdict"] == "with care"
    assert row["reason"].startswith("the editions' rules are not alike, so all of the common part")
    assert states(found)["made-1 n1"] == "partial"


def test_a_nested_rule_inside_a_criterion_is_kept(made):
    nested = '{ at_least = 1, of = ["plan_a", { all_of = ["plan_b"] }] }'
    old = OLD.replace(criterion("plan", "plan_a", "plan_b"),
                      criterion("plan", "plan_a", "plan_b", rule=nested))  # fmt: skip
    assert states(scoring.bridge(BEFORE, AFTER, made(old=old)))["made-1 n1"] == "achieved"


def test_provisional_judgements_are_said_to_be_so():
    audits = audit("2024", g5_encounter="all")
    found = scoring.bridge(audits, audits.assign(wave="2025"), "gatsby-2014--gatsby-2025")
    assert found.to_frame()["reason"].str.endswith("(provisional judgements)").all()
    assert found.notes[-1].startswith("The crosswalk is provisional")
    assert set(found.scores["benchmark"]) == {"g1", "g5"}


@pytest.mark.parametrize(
    ("before", "options", "said"),
    [
        (BEFORE.assign(wave="2025"), {}, "1 school answered under both editions in one wave"),
        (audit("2024", leed="yes"), {}, "bridge, before: 1 item"),
        (audit("2024", p1="yes"), {}, "bridge, before: 1 item"),
        ([1, 2], {}, "a table is needed"),
        (BEFORE, {"include": "all"}, "include has no value 'all'"),
        (BEFORE.drop(columns="item"), {}, "no column 'item'"),
        (BEFORE, {"crosswalk": None}, "a crosswalk is needed"),
        (BEFORE, {"crosswalk": "gatsby-2014--gatsby-2026"}, "there is no crosswalk"),
    ],
)
def test_what_cannot_be_bridged_is_refused(made, before, options, said):
    crosswalk = options.pop("crosswalk", made())
    with pytest.raises(CareerBenchError, match=said):
        scoring.bridge(before, AFTER, crosswalk, **options)


def test_editions_that_treat_missing_answers_differently_need_one_rule(made):
    crosswalk = made(new=NEW.replace('family = "made"', 'family = "made"\nmissing = "exclude"'))
    with pytest.raises(CareerBenchError, match="treat missing answers differently"):
        scoring.bridge(BEFORE, AFTER, crosswalk)
    assert len(scoring.bridge(BEFORE, AFTER, crosswalk, missing="exclude").scores) == 4


def test_editions_without_anything_in_common_are_refused(made):
    with pytest.raises(CareerBenchError, match="links no criteria that could be compared"):
        scoring.bridge(BEFORE, AFTER, made(links=LINKS.replace('"same"', '"narrower"')))
