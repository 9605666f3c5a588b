"""A framework in words: its rules, whom it asks, which answers meet an item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench import html
from careerbench.periods import YEAR_GROUPS, order_year_groups, show_year_group

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from careerbench.frameworks.model import AnswerScale, Benchmark, Criterion, Framework, Item
    from careerbench.frameworks.rule import Rule

LEFT = "text-align:left;vertical-align:top"
"""The style of a cell that holds words."""

_TABLE = "width:100%;table-layout:fixed;margin-bottom:1em"
_WIDTHS = ("26%", "34%", "13%", "19%", "8%")
_MISSING = {
    "as_not_met": "a missing answer counts as not met",
    "exclude": "an item without an answer is passed over",
    "not_scored": "a Benchmark with a missing answer is not scored",
}
_DISPLAY = {
    "half_up": "percentages are shown rounded, halves up",
    "truncate": "percentages are shown cut off",
}


def rule_in_words(rule: Rule, n_parts: int, part: str) -> str:
    """Say when a rule over ``n_parts`` parts holds; empty where there is only one part.

    Examples
    --------
    >>> from careerbench.frameworks.rule import Rule
    >>> rule_in_words(Rule("at_least", 2), 3, "item")
    'at least 2 of the 3 items'
    >>> rule_in_words(Rule("any_of", parts=("a", Rule(parts=("b", "c")))), 3, "item")
    'any of (a, all of (b, c))'
    """
    if n_parts < 2:
        return ""
    if rule.parts:
        return str(rule)
    return {
        "all_of": f"{'both' if n_parts == 2 else f'all {n_parts}'} {_plural(part)}",
        "any_of": f"either of the 2 {_plural(part)}"
        if n_parts == 2
        else f"any of the {n_parts} {_plural(part)}",
        "at_least": f"at least {rule.k} of the {n_parts} {_plural(part)}",
        "first_of": f"the first {part} that applies, and no other",
    }[rule.kind]


def asked_of(item: Item) -> str:
    """Say which schools an item is put to, and how; empty where nothing limits it.

    Examples
    --------
    >>> from careerbench.frameworks.model import Item
    >>> years = ("7", "8", "9")
    >>> asked_of(Item("a", "A", "s", ("yes",), year_groups=years, sixth_form=True))
    'schools that teach any of Years 7 to 9; with a sixth form'
    >>> asked_of(Item("a", "A", "s", ("yes",), by_year_group=True, year_groups=years))
    'each of Years 7 to 9, all of which must meet it'
    """
    said = []
    years = _span(item.year_groups)
    if item.by_year_group:
        enough = "all of which must" if item.across_years == "all_of" else "any of which may"
        said.append(
            f"each of {years}, {enough} meet it" if years else f"each year group, {enough} meet it"
        )
    elif years:
        said.append(f"schools that teach any of {years}")
    if item.phases:
        said.append(f"phase: {' or '.join(item.phases)}")
    if item.sixth_form is not None:
        said.append("with a sixth form" if item.sixth_form else "without a sixth form")
    return "; ".join(said)


def show_codebook(framework: Framework) -> str:
    """Write the codebook as HTML: a table for each Benchmark, one of the answers, notes."""
    rests = f"{_MISSING[framework.missing]}; {_DISPLAY[framework.display]}"
    until = f" to {framework.valid_to}" if framework.valid_to else ""
    head = [
        html.element("h3", html.text(f"{framework.title} ({framework.id})")),
        html.element(
            "p",
            html.text(
                f"For the setting {framework.setting}, in force from "
                f"{framework.valid_from}{until}. "
                f"Unless told otherwise, {rests}."
            ),
        ),
    ]
    if framework.provisional:
        head.append(html.element("p", html.element("strong", "The whole edition is provisional.")))
    elif all(scale.provisional for scale in framework.scales.values()):
        head.append(html.element("p", "Every item is provisional: its answer scale is."))
    parts = [_benchmark(framework, benchmark) for benchmark in framework.benchmarks]
    notes = [*framework.notes, f"Source: {framework.source}"]
    listed = [html.element("li", html.text(note)) for note in notes]
    return "".join([*head, *parts, _scales(framework), html.element("ul", *listed)])


def _benchmark(framework: Framework, benchmark: Benchmark) -> str:
    rule = rule_in_words(benchmark.rule, len(benchmark.criteria), "criterion")
    mark = " (provisional)" if benchmark.provisional else ""
    said = benchmark.summary + (f" Achieved when met: {rule}." if rule else "")
    caption = html.element(
        "caption",
        html.element("strong", html.text(f"{benchmark.id} {benchmark.title}{mark}")),
        "<br>" + html.text(said),
        style="text-align:left",
    )
    header = ["Criterion", "Item", "Met by", "Asked of", "Standing"]
    cells = [
        html.element("th", name, scope="col", style=f"{LEFT};width:{width}")
        for name, width in zip(header, _WIDTHS, strict=True)
    ]
    head = html.element("tr", *cells)
    rows = [row for criterion in benchmark.criteria for row in _criterion(framework, criterion)]
    body = html.element("tbody", *(html.element("tr", *cells) for cells in rows))
    return html.element("table", caption, html.element("thead", head), body, style=_TABLE)


def _criterion(framework: Framework, criterion: Criterion) -> Iterator[list[str]]:
    """Write a criterion's rows, its own cell spanning those of its items."""
    n_scored = sum(item.scored for item in criterion.items)
    rule = rule_in_words(criterion.rule, n_scored, "item")
    mark = " (provisional)" if criterion.provisional else ""
    own = html.text(f"{criterion.text}{mark}") + html.element(
        "small", "<br>", html.text(criterion.id), f"<br>met by: {html.text(rule)}" if rule else ""
    )
    span = str(len(criterion.items))
    for place, item in enumerate(criterion.items):
        cells = [_cell(html.text(cell)) for cell in _words(framework, item)]
        cells[0] = _cell(html.text(item.text) + html.element("small", "<br>", html.text(item.id)))
        first = html.element("th", own, scope="rowgroup", rowspan=span, style=LEFT)
        yield [first, *cells] if place == 0 else cells


def _words(framework: Framework, item: Item) -> Sequence[str]:
    labels = framework.scales[item.scale].labels
    met_by = " or ".join(labels[answer] for answer in item.meets)
    marks = ["" if item.scored else "not scored", "provisional" if item.provisional else ""]
    return "", met_by if item.scored else "–", asked_of(item), ", ".join(filter(None, marks))


def _cell(inside: str) -> str:
    return html.element("td", inside, style=LEFT)


def _scales(framework: Framework) -> str:
    rows = [
        [
            scale.about or name,
            "; ".join(_answer(scale, place) for place in range(len(scale.answers))),
            "; ".join(scale.labels[code] for code in scale.not_applicable),
            "; ".join(scale.labels[code] for code in scale.missing),
            "provisional" if scale.provisional else "",
        ]
        for name, scale in framework.scales.items()
    ]
    caption = "Answer scales; a tick marks what meets an item unless it says otherwise"
    header = ["Answered on", "Answers, lowest first", "Not applicable", "Missing", "Standing"]
    return html.table(header, rows, caption=caption, cell_style=LEFT)


def _answer(scale: AnswerScale, place: int) -> str:
    code = scale.answers[place]
    tick = "✓ " if code in scale.meets else ""
    if not scale.bands:
        return tick + scale.labels[code]
    start, inside = scale.bands[place]
    return f"{tick}{scale.labels[code]} [{'from' if inside else 'above'} {start:g}%]"


def _span(years: Sequence[str]) -> str:
    """Say year groups in words, a run of them by its ends."""
    ordered = order_year_groups(years)
    if not ordered:
        return ""
    places = [YEAR_GROUPS.index(year) for year in ordered if year in YEAR_GROUPS]
    run = len(places) > 2 and places == list(range(places[0], places[-1] + 1))
    if run and ordered[0].isdigit():
        return f"Years {ordered[0]} to {ordered[-1]}"
    if run:
        return f"{show_year_group(ordered[0])} to {show_year_group(ordered[-1])}"
    return ", ".join(show_year_group(year) for year in ordered)


def _plural(part: str) -> str:
    return {"criterion": "criteria"}.get(part, f"{part}s")
