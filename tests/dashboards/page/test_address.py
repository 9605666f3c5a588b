"""How an address says what is chosen, without a browser: driven by node."""

import pytest


def test_every_address_reopens_its_view(node, payload):
    script = """
    const school = open.schools[0].code;
    const wrong = [];
    for (const { view } of open.views) for (const place of data.place.nodes) for (const trait of data.traits[0].nodes) {
      const choice = { ...start, view, place: place.code, school, wave: "baseline", benchmark: "p3", question: "pu_learning", "t.year_group": trait.code };
      const again = address.readAddress(open, "#" + address.addressOf(open, choice));
      if (again.problem || JSON.stringify(again.choice) !== JSON.stringify(choice)) wrong.push(choice);
    }
    return wrong.slice(0, 2);
    """
    assert node(payload, script) == []


@pytest.mark.parametrize(
    "address",
    ["#view=nothing", "#nonsense", "#view=school&school=school:999999",
     "#view=area&view=year", "#view=answers&question=p1", "#view=__proto__", "#constructor=1",
     "#view=programme&wave=", "#view=area&sheet=-1", "#view=%", "#topic=benchmarks", "#" + "x" * 5000],
)  # fmt: skip
def test_a_forged_address_leads_to_the_start_with_words(node, payload, address):
    script = (
        "const read = address.readAddress(open, given); return [read.choice, read.problem, start];"
    )
    choice, problem, start = node(payload, script, address)
    assert choice == start
    assert problem.startswith("This address cannot be shown. ")
    assert len(problem) < 300


@pytest.mark.parametrize(
    ("unknown", "named"),
    [("t.fsm=yes", "A part of this address is not known: “t.fsm”. "),
     ("school_urn=900003", "A part of this address is not known: “school_urn”. "),
     ("a=1&b=2", "Parts of this address are not known: “a” and “b”. "),
     ("a=1&a=2", "A part of this address is not known: “a”. "),
     ("a=1&b=2&c=3&d=4", "Parts of this address are not known: “a”, “b” and 2 more. "),
     ("__proto__=x", "A part of this address is not known: “__proto__”. "),
     ("x" * 5000, "A part of this address is not known: “xxx")],
)  # fmt: skip
def test_a_part_that_is_not_known_is_named_and_the_rest_is_shown(node, payload, unknown, named):
    script = "return [address.readAddress(open, given), start];"
    read, start = node(payload, script, f"#view=school&wave=baseline&{unknown}")
    assert read["choice"] == {**start, "view": "school", "wave": "baseline"}
    assert read["problem"].startswith(named)
    assert "You see “Schools” without " in read["problem"]
    assert len(read["problem"]) < 300


@pytest.mark.parametrize("address", ["#view=nothing&a=1", "#view=&a=1", "#view=area&view=year&a=1"])
def test_a_part_that_is_not_known_of_no_page_leads_to_the_start(node, payload, address):
    read, start = node(payload, "return [address.readAddress(open, given), start];", address)
    assert read["choice"] == start
    assert read["problem"].startswith("This address cannot be shown. ")


def test_a_urn_alone_is_taken_for_the_school(node, payload):
    script = "return given.map((each) => address.readAddress(open, each));"
    addresses = ["#view=school&school=900003", "#view=school&school=school:900003"]
    short, full = node(payload, script, addresses)
    assert short == full
    assert short["choice"]["school"] == "school:900003"
    assert short["problem"] == ""
    [wrong] = node(payload, script, ["#view=school&school=999999"])
    assert "There is no “999999” for “school” in this release." in wrong["problem"]


def test_no_address_is_the_start_without_a_word(node, payload):
    assert node(payload, 'return address.readAddress(open, "#").problem;') == ""
