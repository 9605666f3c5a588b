"""Whole releases of studies of many shapes, attacked with everything that stands in them."""

import dataclasses
import importlib.util
import io
import itertools
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from careerbench import disclosure
from careerbench.errors import DisclosureError


@pytest.fixture(scope="module")
def enemy():
    """The attackers' modules, which lie beside this file."""
    found = {}
    for name in ("attacking", "attacking_means", "attacking_benchmarks"):  # the others stand on it
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        found |= {key: made for key, made in vars(module).items() if key.startswith("attack")}
    return SimpleNamespace(**found)


def shaped(pilot, sizes, *, items=("pu_jobs", "pu_talk"), seed=3, change=None, areas=None, talk="3456",
           **plan):  # fmt: skip
    """A study of made-up pupils who skip nothing: ``sizes`` gives pupils per school, year and sex.

    ``talk``: the years that are asked ``pu_talk`` (3 to 6 in the sample study). ``change`` alters the
    answers.
    """
    random, rows = np.random.default_rng(seed), []
    for school, groups in enumerate(sizes):
        for (year, sex), n in groups.items():
            for number, item in itertools.product(range(n), items):
                said = str(random.integers(1, 5))
                if item == "pu_talk" and year not in talk:
                    continue
                who = f"{school}-{year}-{sex}-{number}"
                rows.append((who, f"9000{school + 1:02}", "baseline", year, sex, item, said))
    names = ["respondent", "school_urn", "wave", "year_group", "sex", "item", "answer"]
    rows = pd.DataFrame(rows, columns=names, dtype="str")
    rows = rows.assign(reported_urn=rows["school_urn"], answer_reason="")
    rows = change(rows) if change else rows
    schools = pilot.schools.sort_values("school_urn").iloc[: len(sizes)]
    if areas:
        schools = schools.assign(**areas)
    survey = pilot.surveys["pupils"]
    scale = dataclasses.replace(
        survey.scale,
        items=tuple(each for each in survey.scale.items if each.id in items),
        minimum_answered=1,
    )
    mine = dataclasses.replace(survey, responses=rows, scale=scale)
    chosen = {"characteristics": ("year_group", "sex"), "school_results": True} | plan
    return dataclasses.replace(
        pilot,
        schools=schools,
        audits=pilot.audits[pilot.audits["school_urn"].isin(schools["school_urn"])],
        surveys={"pupils": mine},
        release=dataclasses.replace(pilot.release, **chosen),
    )


def pupils(*, years="R123456", sexes="FM", mean=4, n=6, seed=1):
    random = np.random.default_rng(seed)
    return [
        {(year, sex): int(random.poisson(mean)) for year in years for sex in sexes}
        for _ in range(n)
    ]


def all_the_same(rows):
    return rows.assign(answer="4")


def few_not_known(rows):
    sex = rows["sex"].where(~rows["respondent"].str.endswith("-0"))
    return rows.assign(sex=sex)


FOUR = "R345"
SHAPES = {
    "one huge school": {"sizes": [*pupils(n=2, years=FOUR), *pupils(n=1, years=FOUR, mean=120)]},
    "one school": {"sizes": pupils(n=1, years=FOUR, mean=9)},
    "one year group": {"sizes": pupils(years="5", mean=9)},
    "schools of one sex": {
        "sizes": [*pupils(sexes="F", years=FOUR, n=2), *pupils(sexes="M", years=FOUR, n=2)]
    },
    "all the same answer": {"sizes": pupils(n=4, years=FOUR), "change": all_the_same},
    "sex not known of some": {"sizes": pupils(n=4, years=FOUR), "change": few_not_known},
    "three regions": {
        "sizes": pupils(years="R3", mean=7),
        "areas": {"region_name": list("AABBCC"), "la_name": list("abcdee")},
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_small_comes_out_of_a_release(pilot, enemy, shape):
    study = shaped(pilot, **SHAPES[shape])
    release = disclosure.build_release(study)
    assert enemy.attack(release, study) == []
    assert enemy.attack_sizes(release, study, ["pupils"]) == []


def test_nothing_small_comes_out_under_another_policy(pilot, enemy):
    study = shaped(pilot, pupils(n=4, years=FOUR, mean=6))
    release = disclosure.build_release(study, "dfe")
    assert enemy.attack(release, study, threshold=6, width=6) == []


def test_nothing_small_comes_out_of_the_small_release(small_pilot, small_release, enemy):
    assert enemy.attack(small_release, small_pilot, waves=["baseline"], items=["pu_jobs"]) == []


def test_the_attacker_finds_what_is_shown_again(pilot, enemy):
    sizes = pupils(n=3, years=FOUR, mean=14)
    sizes[1] = {(year, sex): 1 if sex == "F" else 14 for year, sex in sizes[1]}
    study = shaped(pilot, sizes)
    cells = disclosure.build_release(study).cells()
    mine = (cells["item"] == "pu_jobs") & (cells["school_urn"] == "900002")
    mine &= (cells[["key_stage", "answer_group"]] == "All").all(axis=1)
    opened = cells["value"].mask(mine & (cells["sex"] == "M"), 14.0 * len(FOUR))
    opened = opened.mask(mine & (cells["sex"] == "All"), 15.0 * len(FOUR))
    found = enemy.attack(cells.assign(value=opened), study, items=["pu_jobs"])
    exact = [each for each in found if each.high - each.low < 1e-6]
    assert [each.true for each in exact if each.cell.endswith("900002 F pu_jobs baseline")] == [4]


def test_a_question_to_some_year_groups_is_crossed_no_deeper_than_the_others(pilot):
    cells = disclosure.build_release(shaped(pilot, pupils(n=3, years=FOUR, mean=40))).cells()
    schools = cells[(cells["school_urn"] != "All") & (cells["topic"] == "pupils")]
    by_sex = schools[(schools["sex"] != "All") & schools["value"].notna()]
    assert set(by_sex["item"]) == {"pu_jobs", "pupil-careers"}
    assert schools.loc[schools["item"] == "pu_talk", "value"].notna().any()


def test_a_size_hidden_in_key_stage_2_is_hidden_where_only_key_stage_2_was_asked(pilot):
    sizes = [dict.fromkeys(itertools.product("R345", "FM"), 20) for _ in range(3)]
    sizes[1]["R", "F"] = sizes[1]["R", "M"] = 2
    cells = disclosure.build_release(shaped(pilot, sizes)).cells()
    size = cells[(cells["answer_group"] == "All") & (cells["answer"] == "All")
                 & (cells["sex"] == "All") & (cells["year_group"] == "All")]  # fmt: skip
    jobs = size[(size["item"] == "pu_jobs") & (size["key_stage"] == "KS2")]
    talk = size[(size["item"] == "pu_talk") & (size["key_stage"] == "All")]
    place = ["region_name", "la_name", "school_urn"]
    both = jobs.merge(talk, on=place, suffixes=("", "_talk"))
    hidden = both["value"].isna()
    assert hidden.any()  # beside the few in reception, who are all minus Key Stage 2
    assert both.loc[hidden, "value_talk"].isna().all()


def test_a_question_to_a_part_of_a_key_stage_does_not_give_the_rest_of_it(pilot, enemy):
    sizes = [{(year, sex): 9 if year in "56" else 20 for year in FOUR + "6" for sex in "FM"}
             for _ in range(3)]  # fmt: skip
    sizes[1] = {group: 2 if group[0] in "56" else 20 for group in sizes[1]}
    study = shaped(pilot, sizes, talk="345")
    release = disclosure.build_release(study)
    assert enemy.attack_sizes(release, study, ["pupils"]) == []
    cells = release.cells()
    size = cells[(cells["answer_group"] == "All") & (cells["answer"] == "All")
                 & (cells[["key_stage", "year_group", "sex"]] == "All").all(axis=1)]  # fmt: skip
    talk = size[(size["item"] == "pu_talk") & (size["school_urn"] != "All")]
    assert talk.set_index("school_urn")["reason"].to_dict()["900002"] == "c"
    assert (size.loc[size["item"] == "pu_talk", "reason"] == "").any()


@pytest.fixture(scope="module")
def zeros_shown(tmp_path_factory):
    """A policy of a user's own that never hides a zero."""
    path = tmp_path_factory.mktemp("policy") / "zeros.toml"
    path.write_text(
        'id = "zeros"\ntitle = "Zeros are shown"\nzeros_sensitive = false\n'
        "zeros_always_shown = true\nwidth = 6\n[threshold]\npupils = 6\n"
        "[percentages]\nleast = 6\ndecimals = 0\n[means]\nleast = 6\ndecimals = 1\n"
        '[source]\ntitle = "A test"\n'
    )
    return path


def test_no_zero_is_hidden_with_a_size_where_zeros_are_always_shown(pilot, enemy, zeros_shown):
    def mostly_positive(rows):
        return rows.assign(answer=rows["answer"].where(rows["item"] == "pu_jobs", "4"))

    study = shaped(pilot, pupils(n=3, years="R34", mean=4), change=mostly_positive)
    release = disclosure.build_release(study, zeros_shown)
    cells = release.cells()
    talk = cells[(cells["item"] == "pu_talk") & (cells["answer_group"] == "other")
                 & (cells["measure"] == "count")]  # fmt: skip
    assert len(talk) > 10
    assert (talk["value"] == 0).all()
    assert (cells["reason"] == "c").any()
    rule = {"threshold": 6, "width": 6, "zeros": False, "floor": 1}
    assert enemy.attack(release, study, **rule) == []


def test_a_size_hidden_in_an_earlier_release_is_hidden_for_a_new_question(pilot):
    sizes = pupils(n=3, years=FOUR, mean=30)
    sizes[1] = {("3", "F"): 4, ("3", "M"): 3}
    late = [*sizes[:1], {("3", "F"): 14, ("3", "M"): 23}, *sizes[2:]]
    first = disclosure.build_release(shaped(pilot, sizes, items=("pu_jobs",)))
    items = ("pu_jobs", "pu_learning")
    both = disclosure.build_release(shaped(pilot, late, items=items), against=[first])
    alone = disclosure.build_release(shaped(pilot, late, items=items))
    said = []
    for release in (both, alone):
        cells = release.cells()
        mine = (cells["school_urn"] == "900002") & (cells["item"] == "pu_learning")
        mine &= (cells[["key_stage", "sex", "answer_group", "answer"]] == "All").all(axis=1)
        said.append(cells.loc[mine, "reason"].tolist())
    assert both.log()["decision"].str.contains("pu_jobs.*answers have changed").any()
    assert said == [["c"], [""]]


MEANT = ("pu_jobs", "pu_learning")


def test_no_mean_of_few_is_narrowed_to_half_a_step(pilot, enemy):
    sizes = pupils(n=3, years="R34", mean=20)
    sizes[0]["R", "F"], sizes[0]["R", "M"], sizes[1]["3", "M"], sizes[2]["4", "F"] = 3, 5, 2, 6
    study = shaped(pilot, sizes, items=MEANT)
    found, n_means = enemy.attack_means(disclosure.build_release(study), study, "pupils")
    assert n_means > 20
    assert found == []


def test_means_leave_no_rest_that_answered_alike(pilot, enemy):
    def year_4_alike(rows):
        number = rows.groupby(["school_urn", "year_group", "item"]).cumcount()
        alike = np.where(rows["year_group"] == "4", number % 2 * 2 + 1, number % 4 + 1)
        return rows.assign(answer=alike.astype(str))

    sizes = [dict.fromkeys(itertools.product("R34", "FM"), 12) for _ in range(2)]
    study = shaped(pilot, sizes, items=MEANT, change=year_4_alike)
    release = disclosure.build_release(study)
    means = release.cells().query("measure == 'mean'")["value"]
    assert means.notna().sum() > 10
    assert enemy.attack_rests(release, study, "pupils") == []


def test_a_mean_that_one_school_makes_up_is_hidden_where_a_policy_speaks_of_dominance(pilot):
    sizes = [*pupils(n=3, years="R3", mean=20), *pupils(n=1, years="R3", mean=200)]
    areas = {"region_name": list("XXXX"), "la_name": list("aaab")}
    study = shaped(pilot, sizes, items=MEANT, areas=areas)
    shown = {}
    for policy in ("default", "ons-10"):  # ons-10: at most 43.75% from one
        release = disclosure.build_release(study, policy)
        cells = release.cells().query("measure == 'mean' and sex == 'All' and key_stage == 'All'")
        areas = cells[cells["school_urn"] == "All"].set_index(["region_name", "la_name"])
        shown[policy] = areas["value"].notna().to_dict()
    places = [("All", "All"), ("X", "All"), ("X", "a"), ("X", "b")]
    assert [shown["default"][place] for place in places] == [True] * 4
    assert [shown["ons-10"][place] for place in places] == [False, False, True, False]
    assert any("schools make up" in note for note in release.notes)


def test_few_schools_results_do_not_come_out_of_the_list_of_schools(pilot, enemy):
    schools = pilot.schools.sort_values("school_urn").iloc[:24]
    areas = ["A"] * 2 + ["B"] * 4 + ["C"] * 6 + ["D"] * 12
    mine = dataclasses.replace(
        pilot,
        schools=schools.assign(region_name=["X"] * 12 + ["Y"] * 12, la_name=areas),
        audits=pilot.audits[pilot.audits["school_urn"].isin(schools["school_urn"])],
        surveys={},
        release=dataclasses.replace(pilot.release, school_results=False),
    )
    release = disclosure.build_release(mine)
    assert enemy.attack_benchmarks(release, mine) == []
    cells = release.cells()
    assert cells.loc[cells["answer"] == "All", "value"].notna().all()
    assert cells["value"].notna().mean() > 0.25


def test_a_row_tells_of_nobody(pilot):
    sizes = pupils(n=3, years=FOUR, mean=12)
    sizes[2] = {("3", "F"): 4}
    cells = disclosure.build_release(shaped(pilot, sizes)).cells()
    mine = cells[(cells["item"] == "pu_jobs") & (cells["sex"] != "All")
                 & (cells["school_urn"] != "All") & (cells["answer_group"] == "All")]  # fmt: skip
    assert mine.groupby("school_urn")["sex"].nunique().eq(2).all()
    assert mine.loc[mine["school_urn"] == "900003", "reason"].tolist() == ["c", "c"]


def test_two_surveys_of_the_same_people_share_the_sizes_that_are_hidden(pilot):
    study = shaped(pilot, pupils(n=3, years=FOUR))
    one = study.surveys["pupils"]
    scale = dataclasses.replace(one.scale, items=one.scale.items[:1])
    items = [each.id for each in scale.items]
    rows = one.responses[one.responses["item"].isin(items)]
    rows = rows[~rows["respondent"].str.startswith("0-R-")]
    two = dataclasses.replace(one, name="again", scale=scale, responses=rows)
    both = dataclasses.replace(study, surveys={"pupils": one, "again": two})
    cells = disclosure.build_release(both).cells()
    cells = cells[(cells["item"] == "pu_jobs") & (cells["answer_group"] == "All")]
    place = ["region_name", "la_name", "school_urn", "key_stage", "year_group", "sex", "answer"]
    parts = [cells[cells["topic"] == name].set_index(place)["reason"] for name in both.surveys]
    shared = pd.concat(parts, axis=1, keys=both.surveys).dropna()
    assert (shared["pupils"] == shared["again"]).all()
    assert shared["pupils"].eq("c").any()


def test_studies_that_differ_in_hidden_counts_only_are_the_same_file(pilot, tmp_path):
    def exchanged(rows):
        """One girl and one boy of two years change sides: no margin of years or sexes moves."""
        ends = ("0-3-F-0", "4"), ("0-3-M-0", "1"), ("0-4-F-0", "1"), ("0-4-M-0", "4")
        turned = rows.copy()
        for who, said in ends:
            mine = turned["respondent"] == who
            turned.loc[mine, "answer"] = {"4": "1", "1": "4"}[said] if turn else said
        return turned

    sizes, files = [dict.fromkeys(itertools.product("R34", "FM"), 4)], []
    for turn in (False, True):
        study = shaped(pilot, sizes, seed=4, change=exchanged)
        release = disclosure.build_release(study)
        path = release.save(tmp_path / f"{turn}.release")
        files.append((study.surveys["pupils"].responses, release.cells(), path))
    (one, cells, first), (two, _, second) = files
    by = ["item", "year_group", "sex", "answer"]
    assert not one.groupby(by).size().equals(two.groupby(by).size())
    assert cells["value"].notna().any()
    assert first.read_bytes() == second.read_bytes()


@pytest.fixture(scope="module")
def two_schools(pilot):
    """Two schools, and their release."""
    study = shaped(pilot, pupils(n=2, years=FOUR))
    return study, disclosure.build_release(study)


def test_no_respondent_stands_in_any_page_of_the_file(two_schools, tmp_path):
    study, release = two_schools
    path = release.save(tmp_path / "a.release")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    words = set(members["manifest.json"].decode().split('"'))
    for name, content in members.items():
        if name.endswith(".parquet"):
            table = parquet.read_table(io.BytesIO(content))  # decodes every page
            assert not table.schema.metadata
            words |= {str(each) for column in table.columns for each in column.unique().to_pylist()}
    assert not words & set(study.surveys["pupils"].responses["respondent"])
    assert not set(members) - {"manifest.json", "cells.parquet", "schools.parquet",
                               "labels.parquet", "log.parquet"}  # fmt: skip


def test_the_file_does_not_tell_how_many_hidden_counts_are_small(two_schools, tmp_path):
    _, release = two_schools
    opened = disclosure.open_release(release.save(tmp_path / "a.release"))
    assert release.behind["for their own sake"] > 0
    assert opened.behind == {}
    certificate = opened.certificate
    names = set(certificate).union(*certificate["tables"])
    assert not {"n_own", "n_others", "n_protected"} & names
    said = opened.log()["decision"]
    assert not said.str.fullmatch("hidden for their own sake").any()


def test_a_second_cut_by_other_characteristics_is_protected_with_the_first(pilot, enemy):
    study = shaped(pilot, pupils(n=3, years=FOUR, mean=6))
    plans = [
        dataclasses.replace(study.release, characteristics=(name,))
        for name in ("year_group", "sex")
    ]
    cuts = [dataclasses.replace(study, release=plan) for plan in plans]
    first = disclosure.build_release(cuts[0])
    second = disclosure.build_release(cuts[1], against=[first])
    assert second.log()["decision"].str.contains("sliced by 'year_group' too").any()
    keys = [name for name in second.cells() if name not in {"value", "reason"}]
    both = second.cells().merge(
        first.cells().assign(sex="All"), on=keys, how="outer", suffixes=("", "_first")
    )
    both["value"] = both["value"].fillna(both["value_first"])
    assert enemy.attack(both[[*keys, "value"]], study) == []


def test_an_earlier_cut_that_the_study_no_longer_knows_is_refused(pilot):
    study = shaped(pilot, pupils(n=1, years="3"))
    first = disclosure.build_release(study)
    survey = study.surveys["pupils"]
    renamed = dataclasses.replace(
        survey, responses=survey.responses.rename(columns={"sex": "gender"})
    )
    plan = dataclasses.replace(study.release, characteristics=("year_group", "gender"))
    later = dataclasses.replace(study, surveys={"pupils": renamed}, release=plan)
    with pytest.raises(DisclosureError, match="sliced by 'sex', which the study does not have"):
        disclosure.build_release(later, against=[first])
