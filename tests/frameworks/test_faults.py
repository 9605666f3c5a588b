"""Broken framework files: every fault is listed with its place, and nothing else escapes."""

import copy
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerbench import frameworks
from careerbench.errors import FrameworkError
from careerbench.frameworks.crosswalk import parse_crosswalk
from careerbench.frameworks.extend import extended
from careerbench.frameworks.files import read_shipped
from careerbench.frameworks.parse import parse_framework

SOUND = """
id = "mine"
title = "Mine"
valid_from = 2024-09-01
[scales.s]
answers = [{ code = "no" }, { code = "partly" }, { code = "yes", label = "Yes, fully" }]
meets = ["yes"]
[scales.p]
answers = [{ code = "none", from = 0 }, { code = "some", above = 0 }, { code = "all", from = 100 }]
meets = ["all"]
[[benchmark]]
id = "b1"
title = "First"
[[benchmark.criterion]]
id = "b1.a"
text = "A"
rule = { at_least = 1, of = ["i1", { all_of = ["i2", "i3"] }] }
item = [
  { id = "i1", text = "One", scale = "s" },
  { id = "i2", text = "Two", scale = "p" },
  { id = "i3", text = "Three", scale = "s", by_year_group = true },
  { id = "i4", text = "Asked only", scale = "s", scored = false },
]
"""
BROKEN = [
    # (what stands there, what stands there instead, the faults that must be listed)
    ('id = "mine"', "", ["the file: id is missing or no text"]),
    ('id = "mine"', "id = 5", ["the file: id is missing or no text"]),
    ('title = "Mine"', 'titel = "Mine"', ["'titel' is not a known entry (did you mean 'title'?)",
                                          "the file: title is missing or no text"]),
    ("2024-09-01", "2024-09-01T10:00:00", ["is no date such as 2025-09-01"]),
    ("2024-09-01", "20240901", ["valid_from = 20240901 is no date"]),
    ("2024-09-01", "2024-09-01\nvalid_to = 2023-09-01", ["valid_to lies before valid_from"]),
    ("2024-09-01", '2024-09-01\ndisplay = "round"', ["the file: display = 'round' is none of"]),
    ("2024-09-01", "2024-09-01\nmissing = true", ["the file: missing = True is none of"]),
    ("2024-09-01", "2024-09-01\nfamily = 3", ["the file: family = 3 must be a text"]),
    ("2024-09-01", '2024-09-01\nsource = "here"', ["source must be a table"]),
    ("2024-09-01", '2024-09-01\nnotes = [["a"]]', ["the file: notes = [['a']] must be a list"]),
    ('meets = ["yes"]', "", ["scale 's': meets = [] must be some of its answers",]),
    ('meets = ["yes"]', 'meets = "yes"', ["scale 's': meets = 'yes' must be a list of texts"]),
    ('{ code = "partly" }', '{ code = "NO" }', ["scale 's', answers: the answer 'NO' stands there twice"]),
    ('{ code = "partly" }', "{}", ["scale 's', answers: an answer has no code"]),
    ('{ code = "partly" }', '{ kode = "partly" }', ["'kode' is not a known entry (did you mean 'code'?)"]),
    ('{ code = "partly" }', '{ code = "partly", from = 5 }', ["scale 's': the answer 'no' needs from or above"]),
    ('{ code = "none", from = 0 }', '{ code = "none", from = nan }', ["begins at nan, which is no percentage"]),
    ('from = 100', "from = 0", ["scale 'p': the bands must be in rising order"]),
    ('scale = "p"', 'scale = "percent"', ["item 'i2': scale 'percent' is not among 's', 'p'"]),
    ('scale = "p"', "scale = []", ["item 'i2': scale is missing or no text"]),
    ('scale = "p"', 'scale = "p", meets = ["most"]', ["item 'i2': meets = ['most'] are not answers of 'p'"]),
    ('scale = "p"', 'scale = "p", meets = []', ["item 'i2': meets is empty, so the item can never be met"]),
    ('scale = "p"', 'scale = "p", phases = "Primary"', ["item 'i2': phases = 'Primary' must be a list"]),
    ('scale = "p"', 'scale = "p", sixth_form = "no"', ["item 'i2': sixth_form = 'no' must be true or false"]),
    ('scale = "p"', 'scale = "p", year_groups = ["KS3"]', ["item 'i2': year_groups 'KS3' are not all year groups"]),
    ('scale = "p"', 'scale = "p", year_groups = ["12"], sixth_form = false',
     ["item 'i2': Years 12 to 14 without a sixth form: no school is ever asked"]),
    ('by_year_group = true', 'by_year_group = 1, across_years = "most"',
     ["item 'i3': by_year_group = 1 must be true or false", "across_years = 'most' is none of"]),
    ('text = "Two"', 'text = " "', ["item 'i2': text is missing or no text"]),
    ('id = "i2", ', "", ["item 2 of criterion 'b1.a': id is missing or no text"]),
    ('id = "i2"', 'id = "i1"', ["item 'i1': the id 'i1' stands in the file twice"]),
    ('at_least = 1', "at_least = 3", ["criterion 'b1.a': at least 3 of 2 parts can never hold"]),
    ('at_least = 1', "at_least = 1.5", ["at_least = 1.5 must be a whole number from 1"]),
    ('at_least = 1, of', "most_of", ["is not all_of, any_of, first_of"]),
    ('"i2", "i3"', '"i2", "i4"', ["criterion 'b1.a': the rule names 'i4'; it is not scored",
                                  "criterion 'b1.a': the rule leaves out 'i3'"]),
    ('"i2", "i3"', '"i2", "i3", "i2"', ["the rule names 'i2' more than once"]),
    ('"i2", "i3"', '"i2", 7', ["rule 7 is not all_of"]),
    ('rule = {', "regel = {", ["criterion 'b1.a': 'regel' is not a known entry"]),
    ('[[benchmark.criterion]]', "[benchmark.criterion]", ["benchmark 'b1': 'criterion' must be written as [[...criterion]]"]),
    ('title = "First"', 'title = "First"\nrule = { any_of = ["i1"] }', ["benchmark 'b1': the rule names 'i1'"]),
    ('title = "First"', 'title = "First"\nsummary = 5', ["benchmark 'b1': summary = 5 must be a text"]),
]  # fmt: skip


@pytest.fixture
def load(tmp_path):
    def loaded(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return frameworks.load_framework(path)

    return loaded


def test_the_sound_file_is_sound(load):
    assert list(load(SOUND).items) == ["i1", "i2", "i3", "i4"]


@pytest.mark.parametrize(("old", "new", "faults"), BROKEN)
def test_each_fault_is_listed_with_its_place(load, old, new, faults):
    assert old in SOUND
    with pytest.raises(FrameworkError) as caught:
        load(SOUND.replace(old, new, 1))
    for fault in faults:
        assert fault in str(caught.value)
    assert caught.value.hint.endswith("docs/frameworks.md says what each entry means")


def test_many_faults_are_listed_at_once(load):
    text = SOUND
    for old, new, _ in (BROKEN[11], BROKEN[19], BROKEN[24 + 7], BROKEN[-1]):
        text = text.replace(old, new, 1)
    with pytest.raises(FrameworkError, match=r"not a sound framework: [4-9] fault\(s\)"):
        load(text)


def test_the_whole_message_of_a_small_fault(load):
    with pytest.raises(FrameworkError) as caught:
        load(SOUND.replace('scale = "p"', 'scale = "percent"'))
    assert str(caught.value) == (
        "load_framework: 'mine.toml' is not a sound framework: 1 fault(s).\n"
        "  found: \n"
        "    - item 'i2': scale 'percent' is not among 's', 'p'\n"
        "  try:   mend these in the file; docs/frameworks.md says what each entry means"
    )


@pytest.mark.parametrize("text", ["", "benchmark = 5", "scales = []", "[[scales]]", "a.b.c = 1",
                                  "benchmark = [1]", "[benchmark]", "id = [[]]"])  # fmt: skip
def test_a_file_that_is_nearly_empty_is_answered_with_what_it_lacks(load, text):
    with pytest.raises(FrameworkError, match="there is no"):
        load(text)


def test_rules_nested_without_end_are_refused(load):
    deep = "{ all_of = [" * 400 + '"i1"' + "] }" * 400
    start, end = SOUND.index("{ at_least"), SOUND.index("\nitem = [")
    with pytest.raises(FrameworkError):
        load(SOUND[:start] + deep + SOUND[end:])


KEYS = st.sampled_from(
    ["id", "title", "text", "scale", "rule", "item", "criterion", "benchmark", "scales", "s",
     "answers", "meets", "code", "from", "above", "valid_from", "year_groups", "at_least", "of",
     "all_of", "first_of", "sixth_form", "missing", "notes", "source", "phases", "not_applicable"]
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-1, 101), st.floats(), st.sampled_from(["", "s", "a"])),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(KEYS, inside, max_size=4)
    ),
    max_leaves=25,
)


def places(part, path=()):
    """Walk every place in the tables of a file."""
    keys = (
        part.keys() if isinstance(part, dict) else range(len(part) if isinstance(part, list) else 0)
    )
    for key in keys:
        yield (*path, key)
        yield from places(part[key], (*path, key))


def changed(toml, path, value):
    toml = copy.deepcopy(toml)
    part = toml
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return toml


def faults_of(read, toml):
    """Give the faults of a file, none where it loads; anything but FrameworkError escapes."""
    try:
        read(toml, name="x.toml")
    except FrameworkError as error:
        return str(error)
    return ""


def extend_and_parse(toml, *, name):
    return parse_framework(extended(toml, name=name), name=name)


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_whatever_a_file_says_its_faults_are_listed(toml):
    assert "    - " in faults_of(parse_framework, toml)


@pytest.mark.parametrize("extends", [None, "gatsby-2025"])
@given(data=st.data())
def test_one_wrong_entry_anywhere_brings_no_other_error(extends, data):
    toml = tomllib.loads(SOUND) | ({"extends": extends} if extends else {})
    path = data.draw(st.sampled_from(list(places(toml))))
    said = faults_of(extend_and_parse, changed(toml, path, data.draw(VALUES)))
    assert said == "" or said.startswith("load_framework: 'x.toml' ")


@given(data=st.data())
def test_one_wrong_entry_in_a_crosswalk_brings_no_other_error(data):
    toml = read_shipped("crosswalks")["gatsby_2014--gatsby_2025.toml"]
    path = data.draw(st.sampled_from(list(places(toml))))
    said = faults_of(parse_crosswalk, changed(toml, path, data.draw(VALUES)))
    assert said == "" or "    - " in said
