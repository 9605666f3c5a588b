"""What the page is given: every cell of the release, and nothing else."""

import base64

import numpy as np
import pandas as pd
import pytest

from careerbench.dashboards.page import page_html, workbook, write_page
from careerbench.dashboards.page.payload import payload_of, varints
from careerbench.disclosure import protect
from careerbench.errors import DisclosureError

EVERY_CELL = """
const axes = [data.wave, data.place, ...data.traits, data.answer];
const items = new Map(payload.topics.flatMap((topic) => topic.items.map((item) => [`${topic.id}/${item.id}`, item.number])));
let [n, wrong] = [0, []];
for (const [item, codes, mean, value, reason] of given) {
  const [wave, place, ...rest] = codes.map((code, k) => axes[k].byCode.get(code).number);
  const cell = data.find({ item: items.get(item), wave, place, traits: rest.slice(0, -1), answer: rest[rest.length - 1], mean });
  const expected = reason === "c" ? { hidden: true } : reason === "z" ? { nobody: true } : { n: value };
  if (JSON.stringify(cell) !== JSON.stringify(expected)) wrong.push([item, codes, cell, expected]);
  n += 1;
}
return { n, wrong: wrong.slice(0, 3) };
"""


def rows_of(release):
    """Write every cell by the codes of the page's addresses, independently of the payload."""
    rows = []
    for cell in release.cells().itertuples(index=False):
        if cell.school_urn != "All":
            place = f"school:{cell.school_urn}"
        elif cell.la_name != "All":
            place = f"la_name:{cell.la_name}"
        else:
            place = "" if cell.region_name == "All" else f"region_name:{cell.region_name}"
        year = [code for code in (cell.key_stage, cell.year_group) if code != "All"]
        sex = "" if cell.sex == "All" else cell.sex
        codes = [cell.wave, place, ":".join(year), sex, f"{cell.answer_group}:{cell.answer}"]
        value = None if cell.value != cell.value else cell.value
        item = f"{cell.topic}/{cell.item}"
        rows.append([item, codes, cell.measure == "mean", value, cell.reason])
    return rows


def test_the_browser_finds_every_cell_of_the_release_with_its_value(node, payload, small_release):
    rows = rows_of(small_release)
    found = node(payload, EVERY_CELL, rows)
    assert found == {"n": len(small_release.cells()), "wrong": []}
    reasons = small_release.cells()["reason"]
    assert set(reasons) == {"", "c"}, "the sample must hold hidden and shown cells"


def test_what_is_not_in_the_release_is_not_found(node, payload, small_release):
    crossed = "return data.find({ item: 8, wave: 0, place: data.place.nodes.length - 1, traits: [1, 1] });"
    assert payload["depth"]["school"] == 1
    assert node(payload, crossed) is None


def test_a_place_where_nobody_is_counted_is_told_from_a_hidden_one(node, altered, small_release):
    cells = small_release.cells()
    row = cells.index[cells["reason"] == "c"][0]
    cells.loc[row, "reason"] = "z"
    found = node(
        payload_of(altered(cells=cells), step="test"), EVERY_CELL, rows_of(altered(cells=cells))
    )
    assert found["wrong"] == []


def test_a_hidden_value_leaves_no_trace_in_the_page(small_release, payload):
    hidden = int((small_release.cells()["reason"] == "c").sum())
    values = decoded(payload["values"])
    assert (np.array(values) == 0).sum() == hidden
    assert len(values) == len(small_release.cells())


def decoded(text):
    numbers, number, shift = [], 0, 0
    for byte in base64.b64decode(text):
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(number)
            number, shift = 0, 0
    return numbers


def test_numbers_of_any_size_come_back():
    rng = np.random.default_rng(1)
    numbers = np.r_[0, 1, 127, 128, 2**14 - 1, 2**14, 2**49 - 1, rng.integers(0, 2**40, 1000)]
    assert decoded(base64.b64encode(varints(numbers))) == numbers.tolist()
    assert varints(np.array([], dtype=np.int64)) == b""


@pytest.mark.parametrize("given", ["pilot.release", None, 7, {"title": "x"}])
@pytest.mark.parametrize("call", [page_html, workbook, lambda given: write_page(given, "x.html")])
def test_only_a_release_is_shown_to_others(given, call):
    with pytest.raises(DisclosureError, match="only a Release can be shown") as caught:
        call(given)
    assert caught.value.hint == "disclosure.build_release(study) or disclosure.open_release(path)"


def test_one_protected_table_is_refused_with_a_word_of_its_own(pilot):
    counts = pd.DataFrame({"region": ["North", "South"], "n": [40, 50]})
    table = protect(counts, by=["region"], count="n")
    with pytest.raises(DisclosureError, match="one protected table has no pages") as caught:
        page_html(table)
    assert caught.value.found == "a Released table by region"


def test_a_frame_of_pupils_is_refused(pilot):
    with pytest.raises(DisclosureError, match="found: DataFrame"):
        page_html(pilot.surveys["pupils"].responses)


def test_a_study_is_refused(pilot):
    with pytest.raises(DisclosureError, match="found: Study"):
        page_html(pilot)


def test_an_unknown_reason_is_not_shown_as_something_else(altered, small_release):
    cells = small_release.cells()
    cells.loc[0, "reason"] = "low"
    with pytest.raises(DisclosureError, match="1 unknown reasons, 0 values"):
        page_html(altered(cells=cells))


def test_a_broken_count_is_refused(altered, small_release):
    cells = small_release.cells()
    shown = cells.index[(cells["reason"] == "") & (cells["measure"] == "count")]
    cells.loc[shown[0], "value"] = 2.5
    cells.loc[shown[1], "value"] = -1
    with pytest.raises(DisclosureError, match="0 unknown reasons, 2 values"):
        page_html(altered(cells=cells))


def test_a_cell_that_stands_in_the_release_twice_is_refused(altered, small_release):
    import pandas as pd

    cells = small_release.cells()
    with pytest.raises(DisclosureError, match="cannot be put in order"):
        page_html(altered(cells=pd.concat([cells, cells.iloc[[0]]], ignore_index=True)))


def test_schools_of_one_name_are_told_apart_by_number(altered, small_release):
    schools = small_release.schools()
    schools.loc[:1, "school_name"] = "Same Primary School"
    places = payload_of(altered(schools=schools), step="test")["axes"][1]["nodes"]
    labels = {place["label"] for place in places}
    assert {f"Same Primary School ({urn})" for urn in schools["school_urn"][:2]} <= labels


def test_a_key_stage_comes_before_its_years_and_what_is_not_known_last(payload):
    year = next(axis for axis in payload["axes"] if axis["name"] == "year_group")
    labels = [node["label"] for node in year["nodes"]]
    assert labels[:6] == [
        "All",
        "Early years (EYFS)",
        "Reception",
        "Key stage 1",
        "Year 1",
        "Year 2",
    ]
    assert "Not known" not in labels[:-2]
