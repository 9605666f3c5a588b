"""Frameworks as data: what ships, what is in force, what a file may hold."""

from datetime import date

import pytest

from careerbench import frameworks
from careerbench.errors import FrameworkError

SMALL = """
id = "mine"
title = "Mine"
valid_from = 2024-09-01
[scales.yes_no]
answers = ["no", "yes"]
meets = ["yes"]
[[benchmark]]
id = "m1"
title = "First"
[[benchmark.criterion]]
id = "m1.a"
text = "A"
[[benchmark.criterion.item]]
id = "m1_a"
text = "Is it so?"
scale = "yes_no"
"""


@pytest.fixture
def write(tmp_path):
    def written(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.mark.parametrize("name", ["gatsby-2014", "gatsby-2025", "ne-primary-2019"])
def test_each_edition_has_eight_benchmarks_with_sources_and_items(name):
    framework = frameworks.load_framework(name)
    frame = framework.to_frame()
    assert [benchmark.id[1:] for benchmark in framework.benchmarks] == list("12345678")
    assert frame["benchmark"].nunique() == 8
    assert frame["item"].is_unique
    assert framework.source.url.startswith("http")
    assert {"benchmark", "criterion", "item", "scale", "scored"} <= set(frame.columns)


def test_every_item_is_marked_provisional_because_no_questionnaire_is_public():
    for name in frameworks.list_frameworks()["framework"]:
        assert frameworks.load_framework(name).to_frame()["provisional"].all()


def test_a_provisional_edition_says_so_on_screen():
    framework = frameworks.load_framework("ne-primary-2019")
    assert framework.provisional
    assert repr(framework).endswith("provisional>")
    assert "provisional" in framework._repr_html_()


def test_scales_hold_answers_in_order_and_which_of_them_meet():
    scale = frameworks.load_framework("ne-primary-2019").scales["pupils"]
    assert scale.answers == ("none", "a_few", "some", "most", "overwhelming_majority", "all")
    assert scale.meets == ("all",)
    assert (scale.not_applicable, scale.missing) == (("not_applicable",), ("dont_know",))


@pytest.mark.parametrize(
    ("day", "edition"),
    [(date(2025, 8, 31), "gatsby-2014"), (date(2025, 9, 1), "gatsby-2025")],
)
def test_the_edition_in_force_on_a_day_is_found(day, edition):
    assert frameworks.load_framework("gatsby", on=day).id == edition


def test_a_family_with_two_editions_needs_a_day():
    with pytest.raises(FrameworkError) as caught:
        frameworks.load_framework("gatsby")
    assert str(caught.value) == (
        "load_framework: 'gatsby' has 2 editions.\n"
        "  found: 'gatsby-2014', 'gatsby-2025'\n"
        "  try:   load_framework('gatsby-2014') or load_framework('gatsby', on=date(...))"
    )


def test_an_edition_that_was_not_in_force_is_refused():
    with pytest.raises(
        FrameworkError, match="no edition of 'gatsby-2025' was in force on 2020-01-01"
    ):
        frameworks.load_framework("gatsby-2025", on=date(2020, 1, 1))


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(FrameworkError, match=r"did you mean 'gatsby-2014'\?"):
        frameworks.load_framework("gatsby2014")


def test_a_users_own_file_loads(write):
    framework = frameworks.load_framework(write(SMALL))
    assert framework.items["m1_a"].meets == ("yes",)
    assert framework.to_frame()["criterion_rule"].tolist() == ["all of"]


def test_every_fault_of_a_file_is_listed(write):
    broken = SMALL.replace('scale = "yes_no"', 'scale = "yesno"').replace('title = "First"', "")
    broken += '[[benchmark]]\nid = "m1"\ntitle = "Again"\nweight = 2\n'
    with pytest.raises(FrameworkError) as caught:
        frameworks.load_framework(write(broken))
    said = str(caught.value)
    assert "6 fault(s)" in said or "5 fault(s)" in said
    for fault in (
        "item 'm1_a': scale 'yesno' is not among 'yes_no'",
        "benchmark 'm1': title is missing or no text",
        "benchmark 'm1': the id 'm1' stands in the file twice",
        "benchmark 'm1': 'weight' is not a known entry",
        "benchmark 'm1' has no [[benchmark.criterion]]",
    ):
        assert fault in said


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('meets = ["yes"]', 'meets = ["oui"]', "scale 'yes_no': meets = ['oui']"),
        (
            'text = "A"',
            'text = "A"\nrule = { at_least = 2 }',
            "at least 2 of 1 parts can never hold",
        ),
        ('text = "A"', 'text = "A"\nrule = "most"', "rule 'most' is not all_of, any_of, first_of,"),
        ('scale = "yes_no"', 'scale = "yes_no"\nscored = false', "has no scored item"),
        ("valid_from = 2024-09-01", 'valid_from = "2024"', "valid_from = '2024' is no date"),
        ("valid_from = 2024-09-01", "", "valid_from is missing"),
        (
            'answers = ["no", "yes"]',
            'answers = ["no", "No", "yes"]',
            "the answer 'No' stands there twice",
        ),
        ('scale = "yes_no"', 'scale = "yes_no"\nyear_groups = ["KS1"]', "are not all year groups"),
        ('title = "Mine"', 'title = "Mine"\nmissing = "zero"', "missing = 'zero' is none of"),
    ],
)
def test_a_rule_that_cannot_hold_is_named(write, old, new, fault):
    with pytest.raises(FrameworkError) as caught:
        frameworks.load_framework(write(SMALL.replace(old, new)))
    assert fault in str(caught.value)


@pytest.mark.parametrize("text", ["id = ", "\x00"])
def test_a_file_that_is_no_toml_is_refused(write, text):
    with pytest.raises(FrameworkError, match="is not sound TOML"):
        frameworks.load_framework(write(text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FrameworkError, match="cannot be read as a TOML file"):
        frameworks.load_framework(tmp_path / "none.toml")


def test_a_day_must_be_a_date():
    with pytest.raises(FrameworkError, match="on must be a date"):
        frameworks.load_framework("gatsby", on="2025-09-01")


def test_every_survey_scale_that_ships_is_marked_made_up():
    for name in frameworks.list_scales():
        assert frameworks.load_scale(name).made_up


def test_a_scale_with_faults_lists_them(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text('id = "s"\nanswers = [{ code = "1" }]\ntop_box = ["9"]\n', encoding="utf-8")
    with pytest.raises(FrameworkError) as caught:
        frameworks.load_scale(path)
    assert "5 fault(s)" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'scale = "yes_no"',
            'scale = "yes_no"\nscored = "no"',
            "scored = 'no' must be true or false",
        ),
        ('scale = "yes_no"', 'scale = "yes_no"\nmeets = 0', "meets = 0 must be a list of texts"),
        (
            'scale = "yes_no"',
            'scale = "yes_no"\nacross_years = []',
            "across_years = [] is none of 'all_of'",
        ),
        (
            'title = "Mine"',
            'title = "Mine"\nnotes = "Pilot only"',
            "notes = 'Pilot only' must be a list",
        ),
        ('title = "Mine"', 'title = "Mine"\nsource = []', "source must be a table"),
        (
            'answers = ["no", "yes"]',
            "answers = 0",
            "scale 'yes_no', answers must be a list of answers",
        ),
        (
            'answers = ["no", "yes"]',
            'answers = [1, "yes"]',
            "1 is no answer: a text, or code and label",
        ),
        ("[scales.yes_no]", '[scales]\nzz = "oops"\n[scales.yes_no]', "scales.zz must be a table"),
        (
            "valid_from = 2024-09-01",
            "valid_from = 2024-09-01\nvalid_to = 2023-01-01",
            "valid_to lies before",
        ),
    ],
)
def test_an_entry_of_the_wrong_kind_is_a_fault(write, old, new, fault):
    with pytest.raises(FrameworkError) as caught:
        frameworks.load_framework(write(SMALL.replace(old, new, 1)))
    assert fault in str(caught.value)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "MINE.TOML"
    path.write_text(SMALL, encoding="utf-8-sig")
    assert frameworks.load_framework(str(path)).id == "mine"


@pytest.mark.parametrize("name", ["a\0b.toml", "x" * 3000 + ".toml"])
def test_a_name_that_no_file_can_have_is_refused(name):
    with pytest.raises(FrameworkError, match="cannot be read as a TOML file"):
        frameworks.load_framework(name)


def test_brackets_without_end_are_refused(write):
    with pytest.raises(FrameworkError, match="is not sound TOML"):
        frameworks.load_framework(write("a = " + "[" * 100_000))


@pytest.mark.parametrize(
    "text",
    ['missing = ["dk"]', "item = 5", 'item = ["a"]', "top_box = 0", 'made_up = "no"', "id = 5",
     '[[item]]\nid = "a"\ntext = "A"\nreverse = "no"'],
)  # fmt: skip
def test_a_scale_entry_of_the_wrong_kind_is_a_fault(tmp_path, text):
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FrameworkError, match="is not a sound survey scale"):
        frameworks.load_scale(path)


def test_an_answer_is_known_by_its_label_without_the_bracket():
    lookup = frameworks.load_framework("ne-primary-2019").scales["pupils"].lookup
    assert lookup["a few"] == lookup["a few (1-25%)"] == "a_few"


def test_a_scale_says_why_each_missing_answer_is_missing(tmp_path):
    text = """
id = "s"
title = "S"
answers = [{ code = "0", label = "No" }, { code = "1", label = "Yes" }]
missing = [{ code = "8", label = "Prefer not to say", reason = "refused" }, { code = "9" }]
top_box = ["1"]
minimum_answered = 1
[[item]]
id = "q"
text = "Is it so?"
"""
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    scale = frameworks.load_scale(path)
    assert [scale.reason_of(code) for code in ("8", "9", "1")] == ["refused", "dont_know", None]
    path.write_text(text.replace('"refused"', '"shy"'), encoding="utf-8")
    with pytest.raises(FrameworkError, match="reason 'shy' is none of 'not_asked'"):
        frameworks.load_scale(path)
