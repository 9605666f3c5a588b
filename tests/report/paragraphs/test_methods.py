"""A methods paragraph says what the record carries, cites what the estimator cites, invents none."""

import ast
import dataclasses
import doctest
import importlib
import inspect
import pkgutil
import re
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from careerbench import __version__, analysis, report
from careerbench.disclosure import Release, protect
from careerbench.errors import BadArgumentError
from careerbench.report import how_made, methods
from careerbench.report.paragraphs.methods import reference
from careerbench.report.paragraphs.words import number
from careerbench.result import Result, half_up

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
SOURCE = Path(analysis.__file__).parent


def recorded(function, found):
    """The function, noting every result that it returns."""

    def run(*arguments, **options):
        result = function(*arguments, **options)
        if isinstance(result, Result):
            found.append(result)
        return result

    return run


def from_examples(function):
    """Every result that the examples in a function's docstring make."""
    found = []
    names = dict(vars(sys.modules[function.__module__]))
    names[function.__name__] = recorded(function, found)
    for example in doctest.DocTestParser().get_examples(inspect.getdoc(function)):
        exec(compile(example.source, function.__name__, "exec"), names)
    return found


@pytest.fixture(scope="module")
def results(pilot):
    """Results of every public function: of its own examples, and of the sample study."""
    functions = [getattr(analysis, name) for name in analysis.__all__]
    found = [
        (function, result)
        for function in functions
        if inspect.isfunction(function)
        for result in from_examples(function)
    ]
    scores = pilot.scores()
    ends = {"before": "baseline", "after": "year_2"}
    waves = ["baseline", "year_1", "year_2"]
    schools = analysis.number_achieved(scores).schools
    fit = next(result for _, result in found if type(result).__name__ == "MultilevelFit")
    return [
        *found,
        (analysis.achieved_shares, analysis.achieved_shares(scores, interval="exact")),
        (analysis.change, analysis.change(scores, **ends, adjust="hommel")),
        (analysis.movement, analysis.movement(scores, **ends)),
        (analysis.net_shift, analysis.net_shift(scores, **ends)),
        (analysis.state_shares, analysis.state_shares(scores)),
        (analysis.number_achieved, analysis.number_achieved(scores)),
        (analysis.cochran_waves, analysis.cochran_waves(scores, waves=waves)),
        (
            analysis.wilcoxon_change,
            analysis.wilcoxon_change(schools, outcome="n_achieved", **ends, zeros="pratt"),
        ),
        (analysis.fit_multilevel, fit.profile()),
    ]


def kinds():
    """Every kind of result that is defined in the room of analysis."""
    for each in pkgutil.walk_packages(analysis.__path__, "careerbench.analysis."):
        module = importlib.import_module(each.name)
        for name, value in vars(module).items():
            own = inspect.isclass(value) and value.__module__ == module.__name__
            if own and issubclass(value, Result) and not name.startswith("_"):
                yield value


def docstring_references():
    """Every reference in a docstring of analysis, by the function that names it."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                said = ast.get_docstring(node) or ""
                match = re.search(r"References\n-+\n(.*?)(\n\n[A-Z]\w+\n-+|\Z)", said, re.DOTALL)
                entries = re.split(r"\.\. \[\d+\] ", match[1])[1:] if match else []
                found.setdefault(node.name, set()).update(" ".join(e.split()) for e in entries)
    return found


def as_in_docstrings(said):
    """One way of writing the journals that docstrings write in two."""
    return said.replace("Business & Economic", "Business and Economic").rstrip(".")


def body(paragraph):
    """The paragraph without references, citations and software."""
    text = paragraph.split("\n\nReferences")[0].split(" Software. ")[0]
    return re.sub(r" \([^()]* (?:19|20)\d\d(?:; [^()]* (?:19|20)\d\d)*\)", "", text)


def numbers_of_table(table):
    """The size of a table, the ends and sum of its numbers, and the digits of its texts."""
    yield str(len(table))
    for name, column in table.items():
        yield from NUMBER.findall(str(name))
        known = column.dropna()
        if not pd.api.types.is_numeric_dtype(column):
            yield from (digits for each in known.unique() for digits in NUMBER.findall(str(each)))
        elif len(known):
            known = known.astype(float)
            yield str(len(known))
            yield from (number(float(each)) for each in (known.min(), known.max(), known.sum()))


def parts_of(value):
    """What a field is made of, where it is made of more than one thing."""
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, tuple | list):
        return list(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, Result):
        return [getattr(value, each.name) for each in dataclasses.fields(value)]
    return []


def numbers_of(value, depth=0):
    """Every number that a record carries, as a sentence may write it."""
    if isinstance(value, pd.DataFrame):
        yield from numbers_of_table(value)
    elif isinstance(value, str):
        yield from NUMBER.findall(value)
    elif isinstance(value, int | float | np.number) and value == value:
        yield from (number(float(value)), half_up(100 * float(value)), f"{float(value):g}")
    elif depth < 2:
        for each in parts_of(value):
            yield from numbers_of(each, depth + 1)


def test_every_kind_of_result_of_analysis_has_a_paragraph_and_is_tried_here(results):
    tried = {type(result).__name__ for _, result in results}
    assert {kind.__name__ for kind in kinds()} - {"Replicated"} == tried
    for _, result in results:
        assert methods(result).startswith("Data. ")


def test_no_number_is_said_that_the_record_does_not_carry(results):
    for function, result in results:
        values = [getattr(result, each.name) for each in dataclasses.fields(result)]
        carried = {each for value in values for each in numbers_of(value)}
        carried |= {each for note in result.notes for each in NUMBER.findall(note)}
        carried |= {each.replace(",", "") for each in carried}
        text = re.sub(r"\bCR2\b", "", body(methods(result)))
        said = {each.rstrip(",") for each in NUMBER.findall(text)}
        assert not said - carried, (function.__name__, said - carried)


def test_a_paragraph_names_its_n_and_the_versions_of_the_software(results):
    for function, result in results:
        said = methods(result)
        assert f"careerbench {__version__}" in said
        assert f"numpy {version('numpy')}" in said
        data = said.split(" Estimation. ")[0]
        unknown = "is not recorded in this record" in data
        assert unknown or NUMBER.search(data), function.__name__


def test_a_paragraph_has_no_column_name_or_gap_or_double_space_in_it(results):
    for function, result in results:
        text = body(methods(result))
        assert "{" not in text
        assert "  " not in text
        assert " ." not in text
        assert "nan" not in re.findall(r"[A-Za-z]+", text), function.__name__
        assert "None" not in text
        assert "[@" not in text


def test_what_the_estimator_cites_is_cited(results):
    cited_by = docstring_references()
    for function, result in results:
        own = cited_by.get(function.__name__, set())
        lines = {line.rstrip(".") for line in methods(result).splitlines()}
        if getattr(result, "resample", "") == "schools":  # what its docstring cites is of others
            own = cited_by["trial_effect"]
        if own:
            assert {as_in_docstrings(each) for each in own} & lines, function.__name__


def test_no_reference_is_invented_and_none_goes_uncited():
    known = tomllib.loads(
        (Path(report.__file__).parent / "paragraphs" / "references.toml").read_text("utf-8")
    )
    in_docstrings = {
        as_in_docstrings(each) for said in docstring_references().values() for each in said
    }
    written = {key: reference(key).rstrip(".") for key in known}
    assert set(written.values()) <= in_docstrings
    words = (Path(report.__file__).parent / "paragraphs" / "methods.toml").read_text(
        encoding="utf-8"
    )
    assert set(re.findall(r"\[@(\w+)\]", words)) <= set(known)


def test_no_paragraph_cites_two_works_by_one_name_and_year(results):
    for _, result in results:
        lines = methods(result).partition("References\n")[2].splitlines()
        names = [re.match(r"(.*?\(\d{4}\))", line)[1] for line in lines]
        assert len(set(names)) == len(names)


def test_the_edition_is_named_and_called_provisional_where_the_scores_carry_it(pilot):
    scores = pilot.scores()
    said = methods(analysis.achieved_shares(scores))
    assert "North East Career Benchmarks: Primary Pilot (ne-primary-2019, provisional)" in said
    bare = methods(analysis.achieved_shares(scores.drop(columns="framework")))
    assert "Not recorded: the edition of the framework" in bare
    own = methods(analysis.achieved_shares(scores.assign(framework="my-own")))
    assert "my-own (title not recorded)" in own


def test_every_record_of_benchmark_scores_carries_the_edition(pilot):
    scores = pilot.scores()
    ends = {"before": "baseline", "after": "year_1"}
    for result in (
        analysis.achieved_shares(scores),
        analysis.state_shares(scores),
        analysis.number_achieved(scores),
        analysis.change(scores, **ends),
        analysis.movement(scores, **ends),
        analysis.net_shift(scores, **ends),
        analysis.cochran_waves(scores, waves=["baseline", "year_1", "year_2"]),
        analysis.agreement(scores, scores),
    ):
        assert result.framework == ("ne-primary-2019",), type(result).__name__


def test_what_is_said_follows_the_choices_that_were_made(pilot):
    scores = pilot.scores()
    assert "Clopper and Pearson 1934" in methods(analysis.achieved_shares(scores, interval="exact"))
    assert "Wilson 1927" not in methods(analysis.achieved_shares(scores, interval="exact"))
    ends = {"before": "baseline", "after": "year_2"}
    assert "Hommel 1988" in methods(analysis.change(scores, **ends, adjust="hommel"))
    narrow = methods(analysis.achieved_shares(scores, confidence=0.8))
    assert "80% Wilson" in narrow
    assert "95%" not in narrow


def test_a_record_of_another_kind_is_refused_by_name():
    with pytest.raises(BadArgumentError, match="no words for a record"):
        methods(pd.DataFrame())


def test_a_release_says_its_schools_waves_policy_and_the_versions_it_was_built_with(small_release):
    older = Release(
        {**small_release.manifest, "versions": {"careerbench": "0.0.9"}}, small_release.tables
    )
    said = methods(older)
    assert "70 schools in 7 local authorities and 1 region" in said
    assert "Baseline (2019-09-16 to 2019-12-31)" in said
    assert "a provisional edition" in said
    assert "careerbench 0.0.9" in said
    assert __version__ not in said
    assert "no fingerprint" in said
    cells = small_release.cells()
    assert f"Of {len(cells):,} figures {(cells['reason'] == 'c').sum():,} are hidden" in said


def test_a_protected_table_says_its_policy_and_what_it_does_not_know():
    table = pd.DataFrame({"area": ["a", "b"] * 20, "answer": ["yes"] * 25 + ["no"] * 15})
    counted = table.groupby(["area", "answer"]).size().rename("n_pupils").reset_index()
    released = protect(counted, by=["area", "answer"], count="n_pupils", policy="default")
    said = methods(released)
    assert "by area and answer" in said
    assert released.policy.title in said
    assert "The edition of the framework is not recorded" in said


def test_a_released_figure_is_explained_with_its_question_wave_slice_n_and_stamp(small_release):
    cells = small_release.cells()
    shown = cells[
        (cells["topic"] == "pupils") & (cells["answer_group"] == "positive")
        & (cells["answer"] == "All") & (cells["la_name"] != "All")
        & (cells["school_urn"] == "All") & cells["value"].notna()
    ].iloc[0]  # fmt: skip
    said = how_made(small_release, shown.to_dict())
    labels = small_release.labels().set_index("code")["label"]
    assert labels[shown["item"]] in said
    assert small_release.manifest["wave_dates"][shown["wave"]]["opens"] in said
    assert shown["la_name"] in said
    assert f"Figure: {shown['value']:.0f}." in said
    whole = cells
    for name in cells.columns.drop(["answer_group", "answer", "value", "reason", "measure"]):
        whole = whole[whole[name] == shown[name]]
    whole = whole[
        (whole["answer"] == "All") & (whole["answer_group"] == "All")
        & (whole["measure"] == "count")
    ]  # fmt: skip
    assert f"n: {whole['value'].iloc[0]:.0f} pupils" in said
    assert "provisional" in said
    assert "'Fewer than 10, zeros protected' (default)" in said
    assert f"careerbench {__version__}" in said


def test_every_kind_of_figure_can_be_explained_and_a_hidden_one_stays_hidden(small_release):
    cells = small_release.cells()
    keys = ["topic", "measure", "answer_group", "reason"]
    for _, rows in cells.groupby(keys, observed=True):
        said = how_made(small_release, rows.iloc[-1].to_dict())
        if rows["reason"].iloc[-1] == "c":
            assert "Figure: c (confidential" in said
            assert "Figure: 0" not in said


def test_a_figure_that_is_not_in_the_release_is_not_explained(small_release):
    place = {"topic": "pupils", "item": "pu_jobs", "wave": "baseline"}
    assert "the whole programme" in how_made(small_release, place)
    with pytest.raises(BadArgumentError, match="no such figure"):
        how_made(small_release, {**place, "la_name": "Atlantis"})
    with pytest.raises(BadArgumentError, match="not the one in the release"):
        how_made(small_release, {**place, "value": 1.0})
    with pytest.raises(BadArgumentError, match="must have topic, item and wave"):
        how_made(small_release, {"topic": "pupils"})
    with pytest.raises(BadArgumentError, match="looked up in a release"):
        how_made(small_release.cells(), place)


def test_each_way_of_resampling_cites_its_own_work(results):
    bootstrap = next(result for _, result in results if type(result).__name__ == "BootstrapEffect")
    residuals = dataclasses.replace(bootstrap, resample="residuals")
    assert "Carpenter and others 2003" in methods(residuals)
    assert "Cameron and others 2008" in methods(dataclasses.replace(bootstrap, resample="wild"))
    assert "Carpenter" not in methods(bootstrap)
