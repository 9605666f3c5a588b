"""Frameworks and audits drawn at random, small enough to try every subset of their items."""

import random
from datetime import date

import pandas as pd

from careerbench.frameworks import AnswerScale, Benchmark, Criterion, Framework, Item, Rule
from careerbench.provenance import Source

SCALE = AnswerScale(
    "s",
    answers=("no", "yes"),
    meets=("yes",),
    labels={"no": "No", "yes": "Yes", "na": "Not applicable"},
    not_applicable=("na",),
)


def any_rule(chance: random.Random, names, depth=2):
    """A rule that names each part once; some parts go into a rule of their own."""
    names = list(names)
    kind = chance.choice(["all_of", "any_of", "at_least", "first_of"])
    parts = list(names)
    if depth and len(names) >= 3 and chance.random() < 0.6:
        cut = chance.randrange(2, len(names))
        inside = any_rule(chance, names[:cut], depth - 1)
        parts = [inside, *names[cut:]] if chance.random() < 0.5 else [*names[cut:], inside]
    k = chance.randint(1, len(parts))
    return Rule(kind, k if kind == "at_least" else 1, tuple(parts))


def any_framework(chance: random.Random, n_items=7):
    """Two or three Benchmarks over at most ``n_items`` items."""
    names, benchmarks = [f"i{n}" for n in range(n_items)], []
    n_benchmarks = chance.choice([2, 3])
    for number in range(n_benchmarks):
        last = number == n_benchmarks - 1
        take = len(names) if last else chance.randint(1, len(names) - (n_benchmarks - number - 1))
        mine, names = names[:take], names[take:]
        criteria = []
        while mine:
            size = chance.randint(1, len(mine))
            items = tuple(Item(name, name, "s", ("yes",)) for name in mine[:size])
            rule = any_rule(chance, mine[:size])
            criteria.append(Criterion(f"c.{mine[0]}", "c", items, rule))
            mine = mine[size:]
        rule = any_rule(chance, [part.id for part in criteria])
        benchmarks.append(Benchmark(f"b{number}", "b", "", tuple(criteria), rule))
    return Framework(
        "drawn", "Drawn", "drawn", "school", date(2024, 9, 1), tuple(benchmarks), {"s": SCALE},
        Source("made up"),
    )  # fmt: skip


def any_answers(chance: random.Random, framework):
    return {name: chance.choice(["no", "no", "yes", "na", None]) for name in framework.items}


def audits_of(answers_by_school):
    rows = [
        (school, "baseline", item, said)
        for school, answers in answers_by_school.items()
        for item, said in answers.items()
    ]
    return pd.DataFrame(rows, columns=["school_urn", "wave", "item", "answer"])
