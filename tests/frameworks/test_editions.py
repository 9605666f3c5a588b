"""What ships: an edition for each setting, whom its items ask, and one file on top of another."""

from datetime import date

import pandas as pd
import pytest

from careerbench import frameworks, scoring
from careerbench.errors import FrameworkError

GATSBY = [
    "gatsby-2014", "gatsby-2014-special", "gatsby-2014-college",
    "gatsby-2025", "gatsby-2025-special", "gatsby-2025-college",
]  # fmt: skip


@pytest.mark.parametrize("name", GATSBY)
def test_each_edition_for_each_setting_has_eight_benchmarks_with_sources(name):
    framework = frameworks.load_framework(name)
    assert [benchmark.id for benchmark in framework.benchmarks] == [f"g{n}" for n in range(1, 9)]
    assert all(one.source.startswith("http") or one.provisional for one in framework.benchmarks)
    assert framework.source.url.startswith("http")
    assert framework.notes


def test_editions_whose_wording_was_hardly_seen_are_provisional_as_a_whole():
    listed = frameworks.list_frameworks().set_index("framework")["provisional"]
    assert listed[listed].index.tolist() == [
        "gatsby-2014-college", "gatsby-2014-special", "gatsby-2025-college", "gatsby-2025-special",
        "ne-primary-2019",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "setting", "edition"),
    [
        (date(2024, 3, 1), None, "gatsby-2014"),
        (date(2024, 3, 1), "special", "gatsby-2014-special"),
        (date(2024, 3, 1), "college", "gatsby-2014-college"),
        (date(2026, 3, 1), "school", "gatsby-2025"),
        (date(2026, 3, 1), "special", "gatsby-2025-special"),
        (date(2026, 3, 1), "college", "gatsby-2025-college"),
    ],
)
def test_a_day_and_a_setting_find_the_edition(day, setting, edition):
    assert frameworks.load_framework("gatsby", on=day, setting=setting).id == edition


def test_a_family_for_one_setting_needs_none():
    assert frameworks.load_framework("ne-primary").setting == "primary"


def test_a_setting_that_a_family_has_not_is_refused():
    with pytest.raises(FrameworkError) as caught:
        frameworks.load_framework("gatsby-2014", setting="specal")
    assert str(caught.value) == (
        "load_framework: 'gatsby-2014' has no edition for the setting 'specal'.\n"
        "  found: 'gatsby-2014: school'\n"
        "  try:   setting: one of 'school'"
    )
    with pytest.raises(FrameworkError, match="did you mean 'special'"):
        frameworks.load_framework("gatsby", setting="specal")


@pytest.mark.parametrize("name", [*GATSBY, "ne-primary-2019"])
def test_the_bands_of_the_older_tool_take_whole_percentages(name):
    # the bands as a CEC slide prints them: None 0, 1-25, 26-50, 51-75, 76-99 (inferred), 100
    scale = frameworks.load_framework(name).scales["pupils"]
    edges = {
        "none": (0,), "a_few": (1, 25), "some": (26, 50), "most": (51, 75),
        "overwhelming_majority": (76, 99), "all": (100,),
    }  # fmt: skip
    for answer, percentages in edges.items():
        assert [scale.read(f"{percent}%") for percent in percentages] == [answer] * len(percentages)


def test_only_the_older_tool_cut_percentages_off():
    shown = {name: frameworks.load_framework(name).display for name in GATSBY}
    assert [name for name, display in shown.items() if display == "truncate"] == GATSBY[:3]


SCHOOLS = pd.DataFrame({
    "school_urn": ["middle", "to 16", "to 18"],
    "phase": ["Middle deemed secondary", "Secondary", "Secondary"],
    "statutory_low_age": [9, 11, 11],
    "statutory_high_age": [13, 16, 18],
    "sixth_form": ["Does not have a sixth form", "Does not have a sixth form", "Has a sixth form"],
})  # fmt: skip
YEARS = {"middle": range(5, 9), "to 16": range(7, 12), "to 18": range(7, 14)}


def audit(framework, urn, **answers):
    rows = []
    for item in framework.items.values():
        best = framework.scales[item.scale].answers[-1]
        years = [str(year) for year in YEARS[urn]] if item.by_year_group else [None]
        rows += [(item.id, year, answers.get(f"{item.id}_{year}" if year else item.id, best))
                 for year in years]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["item", "year_group", "answer"])
    return frame.assign(school_urn=urn, wave="baseline")


def judged(framework, urn, benchmark, **answers):
    said = audit(framework, urn, **answers)
    scores = scoring.score_benchmarks(said, framework, schools=SCHOOLS)
    row = scores.set_index("benchmark").loc[benchmark]
    return row["state"], row["n_applicable"]


def test_a_middle_school_is_judged_on_the_question_for_its_lowest_relevant_age():
    framework = frameworks.load_framework("gatsby-2014")
    assert judged(framework, "middle", "g2", g2_by_14="none") == ("achieved", 2)
    assert judged(framework, "middle", "g2", g2_lowest_age="none") == ("partial", 2)
    assert judged(framework, "to 16", "g2", g2_by_14="none") == ("partial", 2)
    assert judged(framework, "to 16", "g2", g2_lowest_age="none") == ("achieved", 2)


def test_only_years_7_and_8_of_a_middle_school_count_for_encounters():
    framework = frameworks.load_framework("gatsby-2014")
    assert judged(framework, "middle", "g5", g5_encounter_5="none")[0] == "achieved"
    assert judged(framework, "middle", "g5", g5_encounter_8="none")[0] == "not achieved"


@pytest.mark.parametrize("name", ["gatsby-2014", "gatsby-2025"])
def test_benchmark_7_has_fewer_questions_without_a_sixth_form(name):
    framework = frameworks.load_framework(name)
    assert judged(framework, "to 18", "g7", g7_by_18="none") == ("partial", 2)
    assert judged(framework, "to 16", "g7", g7_by_18="none") == ("achieved", 1)


def test_each_school_answers_for_the_key_stages_it_teaches():
    framework = frameworks.load_framework("gatsby-2025")
    asked = {urn: judged(framework, urn, "g2")[1] for urn in YEARS}
    assert asked == {"middle": 3, "to 16": 4, "to 18": 5}


@pytest.mark.parametrize("name", ["gatsby-2025", "gatsby-2025-special"])
def test_four_supplementary_questions_are_asked_and_not_scored(name):
    framework = frameworks.load_framework(name)
    unscored = [item.id for item in framework.items.values() if not item.scored]
    assert unscored == [f"g6_supplementary_{number}" for number in range(1, 5)]


OWN = """
id = "own"
title = "Own"
extends = "gatsby-2025"
missing = "exclude"
[scales.yes_no]
answers = ["no", "yes"]
meets = ["yes"]
[[benchmark]]
id = "g3"
title = "Ours"
[[benchmark.criterion]]
id = "ours"
text = "Ours"
item = [{ id = "ours_1", text = "Ours", scale = "yes_no" }]
[[benchmark]]
id = "g9"
title = "Ninth"
[[benchmark.criterion]]
id = "ninth"
text = "Ninth"
item = [{ id = "ninth_1", text = "Ninth", scale = "practice" }]
"""


def test_a_file_on_top_of_an_edition_says_only_what_differs(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    own, base = frameworks.load_framework(path), frameworks.load_framework("gatsby-2025")
    assert [one.title for one in own.benchmarks] == [
        *(one.title if one.id != "g3" else "Ours" for one in base.benchmarks), "Ninth",
    ]  # fmt: skip
    assert (own.missing, own.family, own.valid_from) == ("exclude", "gatsby", base.valid_from)
    assert own.benchmarks[0] == base.benchmarks[0]
    assert set(own.scales) == {"practice", "pupils", "yes_no"}
    assert own.notes == ()
    assert own.source.title == "Own"


def test_a_file_can_stand_on_a_file_beside_it(tmp_path):
    (tmp_path / "base.toml").write_text(OWN, encoding="utf-8")
    top = tmp_path / "top.toml"
    top.write_text('id = "top"\ntitle = "Top"\nextends = "base.toml"\n', encoding="utf-8")
    assert frameworks.load_framework(top).items["ninth_1"].text == "Ninth"


@pytest.mark.parametrize(
    ("extends", "problem"),
    [
        ('"gatsby-2024"', r"'own.toml' extends 'gatsby-2024', which is not known"),
        ("5", "extends 5, which is not known"),
        ('"own.toml"', "extends a file that extends a file without end"),
        ('"none.toml"', "'none.toml' cannot be read as a TOML file"),
    ],
)
def test_a_base_that_cannot_be_had_is_refused(tmp_path, extends, problem):
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace('"gatsby-2025"', extends), encoding="utf-8")
    with pytest.raises(FrameworkError, match=problem):
        frameworks.load_framework(path)


def test_each_edition_lies_in_the_file_of_its_name():
    for name in frameworks.list_frameworks()["framework"]:
        assert frameworks.load_framework(name).id == name
