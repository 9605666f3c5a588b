"""The master list: every rule at its borders, every least n, every reading age."""

import pytest

from careerbench.errors import BadArgumentError
from careerbench.report.packs.model import Number
from careerbench.report.packs.readability import reading_age
from careerbench.report.packs.sentences import (
    Fact,
    Rule,
    load_examples,
    load_sentences,
    read_rule,
    say,
)

SENTENCES = load_sentences()
PLENTY = 1000.0
OLDEST = 14
STEP = 1e-6


def shown(value):
    return Number("count", f"{value:g}", float(value), (0,))


def words_and_figures(sentence):
    examples = load_examples()
    words = {name: examples[name] for name in sentence.slots if name in examples}
    figures = {name for name in (*sentence.slots, *sentence.n) if name not in words}
    for rule in sentence.when:
        figures |= {side for side in (rule.left, rule.right) if isinstance(side, str)}
    return words, sorted(figures)


def satisfying(sentence):
    """Figures that fulfil every rule, found by trying a small grid."""
    words, figures = words_and_figures(sentence)
    free = [name for name in figures if name not in sentence.n]
    tied = list(sentence.n)
    grid = [0, 1, 2, 3, 8, 12, 30, 50, 51, 60, 100, -10, -30]
    from itertools import product

    involved = [n for n in free if any(n in (r.left, r.right) for r in sentence.when)]
    for values in product(grid, repeat=len(involved)):
        for n in (max(sentence.minimum_n, 8), PLENTY):
            chosen = {name: shown(n) for name in tied}
            chosen |= {name: shown(1) for name in free}
            chosen |= {name: shown(v) for name, v in zip(involved, values, strict=True)}
            fact = Fact(sentence.about, words, chosen)
            if all(rule.holds(fact) for rule in sentence.when) and sentence.fits(fact):
                return fact
    raise AssertionError(f"no figures fulfil {sentence.id}")


def with_figure(fact, name, number):
    return Fact(fact.kind, fact.words, {**fact.numbers, name: number})


RULES = [(s, rule) for s in SENTENCES for rule in s.when]
NUMBERED = [(s, name) for s in SENTENCES for name in s.n]


def test_every_sentence_has_its_own_id():
    ids = [sentence.id for sentence in SENTENCES]
    assert len(set(ids)) == len(ids) > 20


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s.id)
def test_a_sentence_is_said_where_all_its_rules_hold(sentence):
    fact = satisfying(sentence)
    said = say([fact], audience=sentence.audience, section=sentence.section)
    assert sentence.id in [one.id for one in said]
    text = next(one.text for one in said if one.id == sentence.id)
    assert "{" not in text


@pytest.mark.parametrize(
    ("sentence", "rule"), RULES, ids=lambda x: getattr(x, "id", None) or f"{x.left}{x.op}"
)
def test_every_rule_turns_exactly_at_its_border(sentence, rule):
    fact = satisfying(sentence)
    right = rule.right if isinstance(rule.right, float) else fact.numbers[rule.right].value
    border = right + rule.by
    at, below, above = (
        rule.holds(with_figure(fact, rule.left, shown_exactly(border + step)))
        for step in (0, -STEP, STEP)
    )
    expected = {
        "==": (True, False, False),
        ">=": (True, False, True),
        "<=": (True, True, False),
        ">": (False, False, True),
        "<": (False, True, False),
    }[rule.op]
    assert (at, below, above) == expected
    for step, holds in zip((0, -STEP, STEP), expected, strict=True):
        if not holds:  # and then the sentence is not said
            assert not sentence.fits(with_figure(fact, rule.left, shown_exactly(border + step)))


def shown_exactly(value):
    return Number("count", str(value), value, (0,))


@pytest.mark.parametrize(("sentence", "name"), NUMBERED, ids=lambda x: getattr(x, "id", x))
def test_one_fewer_than_the_least_n_is_too_few(sentence, name):
    fact = satisfying(sentence)
    assert sentence.fits(fact)
    few = with_figure(fact, name, shown(sentence.minimum_n - 1))
    assert not sentence.fits(few)
    rules_hold = all(rule.holds(with_figure(fact, name, shown(sentence.minimum_n)))
                     for rule in sentence.when)  # fmt: skip
    assert sentence.fits(with_figure(fact, name, shown(sentence.minimum_n))) == rules_hold


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s.id)
def test_a_sentence_with_a_hidden_figure_is_never_said(sentence):
    fact = satisfying(sentence)
    for name in fact.numbers:
        if name in (*sentence.slots, *sentence.n) or any(
            name in (rule.left, rule.right) for rule in sentence.when
        ):
            assert not sentence.fits(with_figure(fact, name, Number("hidden", "hidden")))


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s.id)
def test_the_reading_age_is_as_stated_and_not_above_fourteen(sentence):
    examples = load_examples()
    text = sentence.text
    for slot in set(sentence.slots):
        text = text.replace("{" + slot + "}", examples.get(slot, examples["number"]))
    assert "{" not in text
    assert sentence.reading_age == max(5, round(reading_age(text)))
    assert sentence.reading_age <= OLDEST


def test_flesch_kincaid_matches_a_case_worked_by_hand():
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59 = -1.45; plus five
    assert reading_age("The cat sat on the mat.") == pytest.approx(3.55)
    # 8 words in 2 sentences; twelve has one syllable, teachers two, answered three by vowel groups
    assert reading_age("All twelve teachers answered. None of them left.") == pytest.approx(
        0.39 * 4 + 11.8 * 11 / 8 - 15.59 + 5
    )


def test_the_figures_that_a_rule_compares_may_be_computed_with_rounding_errors():
    sixty = Number("percent", "60%", 59.99999999999999, (0, 1))
    rule = Rule("percent", ">=", "other", 10.0)
    assert rule.holds(Fact("x", {}, {"percent": sixty, "other": shown(50)}))


def test_where_several_fit_only_the_most_extreme_are_said():
    facts = [
        Fact(
            "benchmark_level",
            {"benchmark": name, "wave": "Baseline"},
            {"percent": shown(percent), "n_achieved": shown(1), "n": shown(50)},
        )
        for name, percent in (("low", 10), ("high", 90), ("middle", 50))
    ]
    said = say(facts, audience="programme", section="now")
    assert [(one.id, name) for one in said for name in ("low", "high", "middle") if name in one.text.split('"')] == [
        ("programme-most-achieved", "high"),
        ("programme-least-achieved", "low"),
    ]  # fmt: skip


def test_the_facts_of_packs_have_every_slot_that_their_sentences_need(every_pack):
    # a slot that no fact has would silence its sentence for ever: these must occur in the sample
    said = {one.id for pack in every_pack for section in pack.sections for one in section.said}
    assert {
        "school-some-achieved", "school-none-achieved", "school-no-audit", "school-moved-up",
        "school-moved-both", "school-achieved-where-few-do", "school-not-there-where-most-are",
        "programme-most-achieved", "programme-least-achieved", "programme-rose",
        "programme-answers-rose", "school-answers-rose",
    } <= said  # fmt: skip


@pytest.mark.parametrize("said", ["percent is high", "percent >= ", "", "percent => 3"])
def test_what_is_no_rule_is_refused(said):
    with pytest.raises(BadArgumentError, match="is no rule"):
        read_rule(said)
