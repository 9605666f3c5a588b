"""The codebook in words, and what changed from one framework to another."""

from dataclasses import replace

import pytest

from careerbench import frameworks
from careerbench.errors import FrameworkError
from careerbench.frameworks import Rule, diff


def test_the_codebook_says_rules_conditions_and_answers_in_words():
    shown = frameworks.load_framework("gatsby-2014")._repr_html_()
    for words in (
        "in force from 2014-01-01 to 2025-08-31",
        "a missing answer counts as not met; percentages are shown cut off",
        "Achieved when met: all 4 criteria",
        "met by: the first item that applies, and no other",
        "schools that teach any of Years 9 to 13",
        "phase: Middle deemed primary or Middle deemed secondary",
        "with a sixth form",
        "each of Years 7 to 13, all of which must meet it",
        "✓ All (100%) [from 100%]",
        "Some (26-50%) [above 25%]",
        "Every item is provisional: its answer scale is.",
    ):
        assert words in shown, words


def test_each_benchmark_is_a_table_and_each_item_a_row():
    framework = frameworks.load_framework("gatsby-2025")
    shown = framework._repr_html_()
    assert shown.count("<table") == 9  # eight Benchmarks and the answer scales
    assert shown.count('scope="rowgroup"') == sum(len(b.criteria) for b in framework.benchmarks)
    assert all(f"<br>{name}<" in shown for name in framework.items)
    assert shown.count(">not scored, provisional<") == 4


def test_words_from_a_file_cannot_become_markup():
    framework = frameworks.load_framework("gatsby-2025")
    first = replace(framework.benchmarks[0], title="<b>x</b>", summary="<script>")
    shown = replace(framework, benchmarks=(first,), title="<i>")._repr_html_()
    assert not {"<b>x", "<script>", "<i>"} & set(shown.split("<br>"))
    assert "<script>" not in shown
    assert "<i>" not in shown


def test_two_equal_frameworks_have_no_differences():
    changes = diff("gatsby-2014", frameworks.load_framework("gatsby-2014"))
    assert len(changes) == 0
    assert changes.notes[0] == "Nothing changed."
    assert "Nothing changed." in changes._repr_html_()


@pytest.fixture
def two(tmp_path):
    text = """
id = "one"
title = "One"
family = "pilot"
valid_from = 2024-09-01
[scales.s]
answers = ["no", "yes"]
meets = ["yes"]
[scales.t]
answers = ["a", "b", "c"]
meets = ["c"]
[[benchmark]]
id = "b1"
title = "First"
[[benchmark.criterion]]
id = "c1"
text = "Leaders back the programme"
item = [
  { id = "i1", text = "Do leaders back the programme?", scale = "s" },
  { id = "i2", text = "Is it on the website?", scale = "t" },
]
[[benchmark.criterion]]
id = "c2"
text = "Evaluated"
item = [{ id = "i3", text = "Is it evaluated?", scale = "s" }]
"""
    after = (
        text.replace('id = "one"', 'id = "two"')
        .replace('title = "One"', 'title = "One"\nmissing = "exclude"')
        .replace('"Leaders back the programme"', '"Leaders back the programme"\nrule = "any_of"')
        .replace('{ id = "i1"', '{ id = "i9"')
        .replace('text = "Is it on the website?", scale = "t"',
                 'text = "Is it on the web?", scale = "s", year_groups = ["7", "8"]')
        .replace('answers = ["a", "b", "c"]', 'answers = ["a", "b", "c", "d"]')
    )  # fmt: skip
    after = after[: after.rindex("[[benchmark.criterion]]")] + (
        '[[benchmark.criterion]]\nid = "c3"\ntext = "Shared with parents"\n'
        'item = [{ id = "i4", text = "Do parents see it?", scale = "s" }]\n'
    )
    paths = [tmp_path / "one.toml", tmp_path / "two.toml"]
    for path, said in zip(paths, (text, after), strict=True):
        path.write_text(said, encoding="utf-8")
    return paths


def test_every_change_is_a_row_with_both_values(two):
    frame = diff(*two).to_frame()
    rows = frame[["kind", "id", "change", "entry", "before", "after"]].values.tolist()
    assert rows == [
        ["framework", "", "changed", "id", "one", "two"],
        ["framework", "", "changed", "missing", "as_not_met", "exclude"],
        ["scale", "t", "changed", "answers", "a (a), b (b), c (c)", "a (a), b (b), c (c), d (d)"],
        ["criterion", "c1", "changed", "rule", "all of", "any of"],
        ["criterion", "c2", "removed", "", "Evaluated", ""],
        ["criterion", "c3", "added", "", "", "Shared with parents"],
        ["item", "i1", "renamed", "", "i1", "i9"],
        ["item", "i2", "changed", "text", "Is it on the website?", "Is it on the web?"],
        ["item", "i2", "changed", "scale", "t", "s"],
        ["item", "i2", "changed", "meets", "c", "yes"],
        ["item", "i2", "changed", "asked_of", "", "schools that teach any of Year 7, Year 8"],
        ["item", "i3", "removed", "", "Is it evaluated?", ""],
        ["item", "i4", "added", "", "", "Do parents see it?"],
    ]
    # 4 letters taken out of 21 + 17: 1 - 4 / 38
    alike = frame.loc[frame["before"] == "Is it on the website?", "similarity"].item()
    assert alike == pytest.approx(1 - 4 / 38)


def test_the_differences_are_counted_and_shown(two):
    changes = diff(*two)
    assert "1 item renamed" in changes.notes[0]
    shown = changes._repr_html_()
    assert "<caption>item: 7 changes</caption>" in shown
    assert ">any of</td>" in shown


def test_differences_between_things_that_are_no_frameworks_are_refused():
    with pytest.raises(FrameworkError, match="must be frameworks, or names or paths"):
        diff("gatsby-2014", 2025)


def test_a_nested_rule_is_said_with_its_parts():
    rule = Rule("at_least", 2, ("a", "b", Rule("first_of", parts=("c", "d"))))
    assert str(rule) == "at least 2 of (a, b, the first that applies of (c, d))"
