"""Nothing public is left out of the site, and what it shows as a file loads."""

import doctest
import importlib.util
import inspect
import re
from pathlib import Path

import pytest

import careerbench
from careerbench import errors, loaders

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def fence(name, title):
    found = re.search(rf'^```\w+ title="{re.escape(title)}"\n(.*?)^```$', page(name), re.M | re.S)
    assert found, f"{name} shows no file {title}"
    return found[1]


def test_every_public_analysis_function_stands_among_the_formulas_and_is_linked():
    analysis = importlib.import_module("careerbench.analysis")
    functions = [n for n in analysis.__all__ if inspect.isfunction(getattr(analysis, n))]
    formulas = page("reference/formulas.md")
    assert functions
    assert [n for n in functions if f"[`{n}`](../rooms/analysis.md#{n})" not in formulas] == []


def test_the_formulas_name_no_function_that_is_not_there():
    analysis = importlib.import_module("careerbench.analysis")
    named = re.findall(r"rooms/analysis\.md#(\w+)\)", page("reference/formulas.md"))
    assert sorted(set(named) - set(analysis.__all__)) == []


def references(text):
    """Authors' first names and years, as docstrings write them: ``.. [1] Wilson, E. B. (1927)``."""
    return re.findall(r"\.\. \[\d+\] ([A-Z][\w'-]+), .*?\((\d{4})\)", text, re.S)


def test_every_reference_of_a_public_analysis_function_stands_among_the_formulas():
    analysis = importlib.import_module("careerbench.analysis")
    docs = [inspect.getdoc(getattr(analysis, name)) or "" for name in analysis.__all__]
    cited = {
        pair for text in docs for note in text.split("\n.. ") for pair in references(f".. {note}")
    }
    formulas = " ".join(page("reference/formulas.md").split())
    lacking = [
        f"{author} ({year})"
        for author, year in sorted(cited)
        if not re.search(rf"{author}\b[^.;]{{0,90}}\({year}\)", formulas)
    ]
    assert len(cited) > 25
    assert lacking == []


def test_every_public_error_is_explained():
    public = [
        name
        for module in (errors, loaders)
        for name, thing in vars(module).items()
        if inspect.isclass(thing) and issubclass(thing, errors.CareerBenchError)
    ]
    explained = re.findall(r"^\| `(\w+Error)` \|", page("reference/errors.md"), re.M)
    assert sorted(set(explained)) == sorted(set(public))


def test_every_room_has_a_page_that_stands_in_the_contents():
    contents = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    lacking = [
        room
        for room in careerbench._ROOMS
        if f"rooms/{room}.md" not in contents
        or f"<!-- names of {room} -->" not in page(f"rooms/{room}.md")
        or f"({room}.md)" not in page("rooms/index.md")
    ]
    assert lacking == []


def test_every_page_for_a_task_is_listed():
    index = page("how-to/index.md")
    tasks = sorted(path.name for path in (DOCS / "how-to").glob("*.md") if path.stem != "index")
    assert tasks
    assert [name for name in tasks if f"({name})" not in index] == []


def test_a_docstring_becomes_markdown_as_its_example_says():
    file = DOCS / "hooks" / "docstrings.py"
    spec = importlib.util.spec_from_file_location("docstrings", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert doctest.testmod(module) == doctest.TestResults(failed=0, attempted=1)


def test_the_glossary_is_the_readmes():
    assert "<!-- README: Glossary -->" in page("reference/glossary.md")


@pytest.fixture
def with_schema(tmp_path, monkeypatch):
    """The package as it is once the page's schema lies beside the others."""
    from careerbench.loaders import schema

    room = Path(schema.__file__).parent / "schemas"
    (tmp_path / "schemas").mkdir()
    for file in room.glob("*.toml"):
        (tmp_path / "schemas" / file.name).write_bytes(file.read_bytes())
    text = fence("add/schema.md", "schemas/visits.toml")
    (tmp_path / "schemas" / "visits.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(schema, "files", lambda _: tmp_path)
    schema.load_schema.cache_clear()
    yield tmp_path
    schema.load_schema.cache_clear()


def test_the_schema_and_the_loader_of_the_page_read_its_file(with_schema):
    made = {}
    exec(compile(fence("add/schema.md", "visits.py"), "visits.py", "exec"), made)
    file = with_schema / "visits.csv"
    file.write_text(fence("add/schema.md", "visits.csv"), encoding="utf-8")
    visits = made["load_visits"](file)
    assert visits["school_urn"].tolist() == ["900001", "900002"]
    assert visits["visit_date"].dt.strftime("%Y-%m-%d").tolist() == ["2021-03-12", "2021-03-13"]
    assert visits["year_group"].fillna("").tolist() == ["4", ""]
    assert visits["n_pupils"].iloc[0] == 28
    assert visits["n_pupils_reason"].iloc[1] == "suppressed"


def test_every_entry_of_a_schema_is_explained():
    from careerbench.loaders.schema import KINDS, Column

    text = page("add/schema.md")
    entries = [name for name in Column.__dataclass_fields__ if name != "name"]
    assert [word for word in (*entries, *KINDS) if f"`{word}`" not in text] == []


def test_every_kind_of_export_that_is_known_is_named():
    from careerbench.loaders.exports.model import facts, known

    text = page("add/export-format.md")
    titles = [facts(kind)["title"] for kind in known() if kind != "table"]
    assert [title for title in titles if title not in text] == []
