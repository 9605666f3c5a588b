"""Pieces that dashboards are put together from: pickers, pictures, tables, announcements."""

from __future__ import annotations

import base64
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, cast

import ipywidgets as widgets

from careerbench import html
from careerbench.plots.theme import load_theme
from careerbench.result import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from careerbench.result import Result

STYLE_CLASS = "careerbench"
_STYLE = files(__package__).joinpath("parts.css")


def picker(label: str, choices: Mapping[str, str], value: str) -> widgets.Dropdown:
    """Make a labelled drop-down; ``choices`` maps each value to its words."""
    return widgets.Dropdown(
        description=label,
        options=[(words, choice) for choice, words in choices.items()],
        value=value,
        style={"description_width": "initial"},
        layout=widgets.Layout(width="auto", min_width="15em", max_width="100%"),
    )


def row(*children: widgets.Widget) -> widgets.HBox:
    """Lay parts side by side, wrapping on narrow screens."""
    return widgets.HBox(children, layout=widgets.Layout(flex_flow="row wrap"))


def picture(axes: Axes, alt: str) -> str:
    """Draw a figure as an image element with its words."""
    figure = cast("Figure", axes.get_figure())
    data = BytesIO()
    figure.savefig(data, format="png", dpi=110)
    source = f"data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}"
    image = f'<img src="{source}" alt="{html.text(alt).replace(chr(34), "&quot;")}" '
    return image + 'style="max-width: 100%; height: auto;">'


def state_table(
    scores: pd.DataFrame, *, names: Mapping[str, str], labels: Mapping[str, str], caption: str
) -> str:
    """Write schools by Benchmarks as a table that is a picture: colour, symbol and word.

    ``scores`` has one row per school and Benchmark, ``names`` each school's name by its URN.
    """
    shown = [label for label in labels if label in set(scores["benchmark"])]
    grid = scores.set_index(["school_urn", "benchmark"])["state"].unstack()  # noqa: PD010
    grid = grid.loc[sorted(grid.index, key=lambda urn: (str(names.get(urn, urn)), urn))]
    head = "".join(html.element("th", html.text(labels[label]), scope="col") for label in shown)
    rows = [
        html.element(
            "tr",
            html.element("th", html.text(names.get(urn, urn)), scope="row"),
            *(_state_cell(state) for state in states),
        )
        for urn, states in zip(grid.index, grid[shown].to_numpy(), strict=True)
    ]
    corner = html.element("th", "School", scope="col")
    body = html.element("thead", html.element("tr", corner, head)) + html.element("tbody", *rows)
    legend = " · ".join(f"{look['symbol']} {state}" for state, look in load_theme().states.items())
    table = html.element("table", body, class_="states")
    scroll = html.element("div", table, class_="scroll", tabindex="0", role="region",
                          aria_label="School by Benchmark")  # fmt: skip
    return html.element("p", html.text(caption)) + html.element("p", html.text(legend)) + scroll


def result_table(
    result: Result,
    *,
    columns: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """Write the named columns of a result as a table, then its notes.

    ``columns`` maps each column to its heading; ``words`` maps values of a column to what is
    shown for them.
    """
    shown = result.to_frame()[list(columns)]
    for name, said in (words or {}).items():
        shown[name] = [said.get(str(value), value) for value in shown[name]]
    rows = [
        [
            show(value, result.formats.get(name, "")) or "–"
            for name, value in zip(columns, cells, strict=True)
        ]
        for cells in shown.itertuples(index=False, name=None)
    ]
    table = html.table(list(columns.values()), rows, caption=result.caption)
    notes = [html.element("li", html.text(note)) for note in result.notes]
    return table + html.element("ul", *notes)


def _state_cell(state: object) -> str:
    look = load_theme().states.get(str(state))
    if look is None:
        return html.element("td", "", title="no row")
    style = f"background: {look['fill']}; color: {look['ink']};"
    return html.element("td", look["symbol"], style=style, title=str(state), aria_label=str(state))


def style() -> str:
    """Return the style of every part, for parts of class ``STYLE_CLASS``."""
    return html.element("style", _STYLE.read_text(encoding="utf-8"))


def announcement(words: str) -> str:
    """Write a line that screen readers announce politely."""
    return html.element("p", html.text(words), role="status", aria_live="polite")
