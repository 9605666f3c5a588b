"""docs/frameworks.md: its files load, its examples run, and its rules hold as it says."""

import doctest
import re
from pathlib import Path

import pandas as pd
import pytest

from careerbench import frameworks, scoring
from careerbench.frameworks import parse, parse_answers

PAGE = Path(__file__).parents[2] / "docs" / "frameworks.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Write the page's files, each named in its first or only comment line, and go there."""
    for block in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL):
        name = re.match(r"# (\w+\.toml)", block)[1]
        (tmp_path / name).write_text(block, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_examples_of_the_page_run(files):
    found = doctest.testfile(
        str(PAGE),
        module_relative=False,
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE,
    )
    assert (found.failed, found.attempted) == (0, 6)


def test_every_entry_of_a_framework_file_is_explained():
    keys = {
        *parse._FRAMEWORK_KEYS, *parse._BENCHMARK_KEYS, *parse._CRITERION_KEYS, *parse._ITEM_KEYS,
        *parse_answers._SCALE_KEYS, *parse_answers._ANSWER_KEYS, "extends",
    } - {"benchmark", "criterion", "item", "scales", "source", "code", "label"}  # fmt: skip
    assert [key for key in sorted(keys) if f"`{key}`" not in TEXT] == []


def audit(**answers):
    rows = {"item": list(answers), "answer": list(answers.values())}
    return pd.DataFrame(rows).assign(school_urn="900001", wave="baseline")


BASE = {"b1_lead": "yes", "b1_evaluated": "no"}


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        # at_least = 2 of: the plan, either way of sharing, governors ("partly" will do)
        ({"b1_plan": "yes", "b1_web": "no", "b1_letter": "no", "b1_governors": "partly"}, "achieved"),
        ({"b1_plan": "no", "b1_web": "yes", "b1_letter": "yes", "b1_governors": "no"}, "partial"),
        # fewer than two parts apply: all that do
        ({"b1_plan": "yes", "b1_web": "na", "b1_letter": "na", "b1_governors": "na"}, "achieved"),
        ({"b1_plan": "no", "b1_web": "na", "b1_letter": "na", "b1_governors": "na"}, "partial"),
        # a criterion with nothing that applies does not count
        ({"b1_plan": "na", "b1_web": "na", "b1_letter": "na", "b1_governors": "na"}, "partial"),
    ],
)  # fmt: skip
def test_the_rule_of_the_example_holds_as_the_page_says(files, answers, state):
    framework = frameworks.load_framework("my_audit.toml")
    scores = scoring.score_benchmarks(audit(**BASE, **answers), framework)
    assert scores.set_index("benchmark").loc["b1", "state"] == state


@pytest.mark.parametrize(
    ("missing", "state", "share"),
    [("as_not_met", "partial", 2 / 5), ("exclude", "achieved", 1.0), ("not_scored", "not scored", None)],
)  # fmt: skip
def test_each_missing_rule_does_what_the_page_says(files, missing, state, share):
    framework = frameworks.load_framework("my_audit.toml")
    said = audit(b1_lead="yes", b1_plan="yes", b1_web="dk", b1_letter="na", b1_governors="dk")
    row = (
        scoring.score_benchmarks(said, framework, missing=missing).set_index("benchmark").loc["b1"]
    )
    assert row["state"] == state
    if share is None:
        assert pd.isna(row["share"])
    else:
        assert row["share"] == pytest.approx(share)
