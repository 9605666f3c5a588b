"""What is chosen and what follows from it, without a browser: driven by node."""

import json
import re

import pandas as pd
import pytest

from careerbench.dashboards.page.payload import payload_of

FIRST_SCHOOL = "const school = open.schools[0].code;"


def chosen(**picks):
    return f"const choice = {{ ...start, ...{json.dumps(picks)} }};"


def tables(node, payload, picks):
    """Return the tables of a page's sections, by id."""
    script = (
        chosen(**picks)
        + """
    return Object.fromEntries(sectionsOf(open, choice).map((s) => [s.id, s.table ? s.table.rows.map((r) => r.cells) : s.message]));
    """
    )
    return node(payload, script)


def counted(cells, **where):
    """Look up one count in the release's cells."""
    for name in (
        "region_name",
        "la_name",
        "school_urn",
        "key_stage",
        "year_group",
        "sex",
        "answer_group",
        "answer",
    ):
        cells = cells[cells[name] == where.get(name, "All")]
    for name in ("topic", "item", "wave"):
        cells = cells[cells[name] == where[name]]
    cells = cells[cells["measure"] == "count"]
    if cells.empty:
        return "not released"
    assert len(cells) == 1
    value = cells["value"].iloc[0]
    return "hidden" if cells["reason"].iloc[0] == "c" else f"{int(value):,}"


def percent(count, size):
    if "hidden" in (count, size):
        return "hidden"
    count, size = (int(said.replace(",", "")) for said in (count, size))
    return (
        f"{(200 * count + size) // (2 * size)}%"
        if size >= 10
        else "too few for a percentage (under 10)"
    )


def test_every_page_of_a_release_is_offered_and_has_figures(node, payload):
    script = """return open.views.map(({ view }) => [view, sectionsOf(open, { ...start, view, school: open.schools[0].code }).map((s) => !s.message)]);"""
    pages = dict(node(payload, script))
    assert list(pages) == [
        "programme",
        "area",
        "school",
        "year",
        "benchmark",
        "change",
        "answers",
        "about",
    ]
    assert all(all(shown) for shown in pages.values()), pages


def test_the_programme_page_counts_schools_as_the_release_does(node, payload, small_release):
    rows = tables(node, payload, {"view": "programme", "wave": "baseline"})["states"]
    cells = small_release.cells()
    assert len(rows) == 8
    for row, item in zip(rows, (f"p{number}" for number in range(1, 9)), strict=True):
        at = {"topic": "benchmarks", "item": item, "wave": "baseline"}
        states = [
            counted(cells, **at, answer=state)
            for state in ("achieved", "partial", "not achieved", "not scored")
        ]
        size = counted(cells, **at)
        assert row[1:] == [*states, size, percent(states[0], size)]


@pytest.mark.parametrize("wave", ["baseline", "year_2"])
def test_year_groups_show_positive_answers_as_the_release_counts_them(
    node, payload, small_release, wave
):
    rows = tables(node, payload, {"view": "year", "wave": wave, "t.sex": "F"})["years"]
    cells = small_release.cells()
    labels = small_release.labels().query("dimension == 'year_group'").set_index("label")["code"]
    checked = 0
    for label, positive, size, share in rows:
        if label in labels.index:
            stage = cells.loc[cells["year_group"] == labels[label], "key_stage"].iloc[0]
            at = {
                "topic": "pupils",
                "item": "pu_jobs",
                "wave": wave,
                "sex": "F",
                "key_stage": stage,
                "year_group": labels[label],
            }
            assert [positive, size] == [
                counted(cells, **at, answer_group="positive"),
                counted(cells, **at),
            ]
            assert share == percent(positive, size)
            checked += 1
    assert checked == 7


def test_a_hidden_figure_says_so_and_is_never_0_nor_left_out(node, payload, small_release):
    cells = small_release.cells()
    mine = cells[(cells["topic"] == "pupils") & (cells["item"] == "pu_jobs") & (cells["reason"] == "c")
                 & (cells["wave"] == "year_2") & (cells["sex"] == "All") & (cells["year_group"] == "All")
                 & (cells["key_stage"] == "All") & (cells["answer_group"] == "positive")]  # fmt: skip
    urn = mine.loc[mine["school_urn"] != "All", "school_urn"].iloc[0]
    rows = tables(node, payload, {"view": "school", "school": f"school:{urn}"})["questions"]
    row = next(row for row in rows if row[0] == "I know about lots of different jobs")
    assert row[1] == "hidden"
    assert row[3] == "hidden"


def test_a_school_stands_where_its_own_results_put_it(node, payload, small_release):
    cells = small_release.cells()
    mine = cells[
        (cells["topic"] == "benchmarks")
        & (cells["school_urn"] == "900001")
        & (cells["wave"] == "year_2")
    ]
    found = tables(node, payload, {"view": "school", "school": "school:900001", "wave": "year_2"})
    states = [re.sub(r"^\W+ ", "", row[3]).lower() for row in found["grid"]]
    assert states == mine.sort_values("item")["answer"].tolist()
    n_achieved = str((mine["answer"] == "achieved").sum())
    marked = [row for row in found["distribution"] if row[2].endswith("is here")]
    assert [row[0] for row in marked] == [n_achieved]


def test_a_crossing_that_is_not_released_says_what_to_unpick(node, payload):
    script = (
        FIRST_SCHOOL
        + """
    const choice = { ...start, view: "answers", place: school, "t.sex": "F", "t.year_group": "KS1:1" };
    return sectionsOf(open, choice).map((s) => s.message);
    """
    )
    messages = node(payload, script)
    assert len(messages) == 1
    assert messages[0]["text"] == (
        "Not released: for a school, one at a time is shown, and here Year group and Sex would be "
        "crossed. Finer groups would be too small to show."
    )
    unpicks = {each["name"] for each in messages[0]["unpick"]}
    assert unpicks == {"t.year_group", "t.sex", "place"}


def test_what_a_message_offers_to_unpick_leads_to_figures(node, payload):
    script = (
        FIRST_SCHOOL
        + """
    const choice = { ...start, view: "answers", by: "place", place: school, "t.sex": "F", "t.year_group": "KS1:1" };
    const [{ message }] = sectionsOf(open, choice);
    return message.unpick.map(({ name, value }) => {
      const [first] = sectionsOf(open, state.pick(open, choice, name, value));
      return Boolean(first.table) || /nobody in this group/.test(first.message.text);
    });
    """
    )
    assert node(payload, script) == [True, True, True]


def test_percentages_round_halves_up_and_need_enough_people(node, payload):
    script = """return [[1, 8], [5, 40], [1, 200], [199, 200], [4, 9], [0, 10], [10, 10]].map(([count, size]) => words.percentOf({ n: count }, { n: size }, 10));"""
    assert node(payload, script) == [None, 13, 1, 100, None, 0, 100]
    hidden = "return words.percentOf({ hidden: true }, { n: 50 }, 10);"
    assert node(payload, hidden) is None


def test_the_slice_is_said_in_words(node, payload):
    script = chosen(view="answers", wave="baseline") + "return state.sliceOf(open, choice);"
    said = node(payload, script)
    assert said["page"] == "Answers"
    assert "Wave: Baseline; Place: Whole programme; Year group: All" in said["said"]


def test_the_slice_names_the_pickers_of_the_page_and_no_other(node, altered, small_release):
    payload = payload_of(altered(cells=narrowed(small_release, "one wave")), step="test")
    script = """return open.views.map(({ view }) => {
      const choice = { ...start, view, school: open.schools[0].code };
      return [state.sliceOf(open, choice), state.pickersOf(open, choice).map(({ label }) => label)];
    });"""
    shown = node(payload, script)
    assert len(shown) == 8
    for said, labels in shown:
        named = [part.split(": ")[0] for part in said["said"].split("; ") if part]
        assert named == labels, said["page"]
        assert "Wave: Baseline" not in said["said"]
    assert "Wave: Baseline" in shown[0][0]["whole"], "a file says it all the same"


def test_a_release_without_results_of_single_schools_says_so(node, altered, small_release):
    cells = small_release.cells()
    cells = cells[~((cells["topic"] == "benchmarks") & (cells["school_urn"] != "All"))]
    payload = payload_of(altered(cells=cells.reset_index(drop=True)), step="test")
    found = tables(node, payload, {"view": "programme"})
    assert found["distribution"]["text"] == "Results of single schools are not in this release."


def test_a_release_without_surveys_offers_no_page_of_answers(node, altered, small_release):
    cells = small_release.cells()
    cells = cells[cells["topic"] == "benchmarks"].reset_index(drop=True)
    payload = payload_of(altered(cells=cells), step="test")
    views = node(payload, "return open.views.map(({ view }) => view);")
    assert views == ["programme", "area", "school", "benchmark", "change", "about"]


def test_a_release_without_benchmarks_starts_with_what_it_has(node, altered, small_release):
    cells = small_release.cells()
    cells = cells[cells["topic"] != "benchmarks"].reset_index(drop=True)
    payload = payload_of(altered(cells=cells), step="test")
    script = "return [start.view, open.views.map(({ view }) => sectionsOf(open, { ...start, view }).length)];"
    view, sections = node(payload, script)
    assert view == "school"
    assert sections == [1, 1, 1, 3, 0]


@pytest.fixture
def two_surveys(altered, small_release):
    """The small release with a second survey, whose people were asked for no sex."""
    import pandas as pd

    cells = small_release.cells()
    second = cells[(cells["topic"] == "pupils") & (cells["sex"] == "All")].assign(topic="teachers")
    return payload_of(altered(cells=pd.concat([cells, second], ignore_index=True)), step="test")


def test_another_survey_drops_what_its_people_were_not_asked(node, two_surveys):
    script = """
    const female = { ...start, view: "answers", "t.sex": "F", by: "sex" };
    const next = state.pick(open, female, "topic", "teachers");
    return [next["t.sex"], next.by, state.pickersOf(open, next).map(({ name }) => name),
      sectionsOf(open, next).map((s) => Boolean(s.table)), address.readAddress(open, address.addressOf(open, next)).choice.by];
    """
    sex, by, names, shown, again = node(two_surveys, script)
    assert (sex, by, again) == ("", "year_group", "year_group")
    assert "t.sex" not in names
    assert "t.year_group" in names
    assert shown == [True, True, True]


def test_an_address_that_asks_for_it_all_the_same_can_be_unpicked(node, two_surveys):
    script = """
    const { choice, problem } = address.readAddress(open, "#view=answers&topic=teachers&t.sex=F");
    const [{ message }] = sectionsOf(open, choice);
    const [{ name, value }] = message.unpick;
    return [problem, message.text.slice(0, 44), name, Boolean(sectionsOf(open, state.pick(open, choice, name, value))[0].table)];
    """
    assert node(two_surveys, script) == [
        "",
        "The release has no figure for Whole programm",
        "t.sex",
        True,
    ]


def narrowed(small_release, kind):
    """Cells of a release that has less than most."""
    cells = small_release.cells()
    school = cells["school_urn"]
    return {
        "no cells": cells.iloc[:0],
        "no single school": cells[school == "All"],
        "one school": cells[school.isin(["All", "900001"])],
        "no results of schools": cells[(school == "All") | (cells["topic"] != "benchmarks")],
        "no surveys": cells[cells["topic"] == "benchmarks"],
        "surveys only": cells[cells["topic"] != "benchmarks"],
        "one wave": cells[cells["wave"] == "baseline"],
        "everything hidden": cells.assign(value=float("nan"), reason="c"),
    }[kind]


@pytest.mark.parametrize(
    ("kind", "views"),
    [("no cells", 1), ("no single school", 7), ("one school", 8), ("no results of schools", 8),
     ("no surveys", 6), ("surveys only", 5), ("one wave", 8), ("everything hidden", 8)],
)  # fmt: skip
def test_a_release_that_has_less_is_shown_as_far_as_it_goes(
    node, altered, small_release, kind, views
):
    payload = payload_of(altered(cells=narrowed(small_release, kind)), step="test")
    script = """
    const urn = open.schools.length ? open.schools[0].code : "";
    return open.views.map(({ view }) => ["", urn].map((school) => {
      const choice = { ...start, view, school };
      state.pickersOf(open, choice);
      const said = state.sliceOf(open, choice).said;
      const again = address.readAddress(open, address.addressOf(open, choice));
      return { view, said, problem: again.problem, sections: sectionsOf(open, choice) };
    })).flat();
    """
    shown = node(payload, script)
    assert len({page["view"] for page in shown}) == views
    for page in shown:
        assert page["problem"] == ""
        assert bool(page["sections"]) == (page["view"] != "about")
        words = str([page["said"], page["sections"]])
        assert "undefined" not in words
        assert "NaN" not in words
        for section in page["sections"]:
            assert section.get("message", {"text": "x"})["text"]
            assert ("message" in section) != (bool(section.get("table", {}).get("rows")))
    if kind == "everything hidden":
        pictures = [s for page in shown for s in page["sections"] if "table" in s]
        said = {
            str(cell) for s in pictures for row in s["table"]["rows"] for cell in row["cells"][1:]
        }
        assert not any(words.rstrip("%").isdigit() for words in said), said


def test_a_question_put_the_other_way_round_says_which_answers_count(node, altered, small_release):
    labels = small_release.labels()
    dimension, said = "answer_group:pupils:pu_jobs", "Positive (No or Not really)"
    turned = pd.DataFrame([{"dimension": dimension, "code": "positive", "label": said}])
    labels = pd.concat([labels, turned], ignore_index=True)
    payload = payload_of(altered(labels=labels), step="test")
    columns = """
    return sectionsOf(open, { ...start, view: "%s", topic: "pupils", question: "pu_jobs" })
      .filter((s) => s.table).map((s) => [s.id, s.table.columns.join(" | "), ...s.table.rows.map((r) => String(r.cells[0]))].join(" | "));
    """
    answers = node(payload, columns % "answers")
    assert any(said in section for section in answers), (
        "of one question: in the heading of its column"
    )
    assert not any("A bit or Yes" in section for section in answers)
