"""REDCap data dictionaries: what is asked, of whom, and with which choices."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from careerbench.errors import MissingColumnsError, ReadError, quoted
from careerbench.loaders.exports.model import reason_for
from careerbench.loaders.read import SOURCE, ReadOptions, read_grid
from careerbench.loaders.schema import fold
from careerbench.loaders.shape import Wishes

if TYPE_CHECKING:
    import os

    import pandas as pd

_COLUMNS = {
    "field": "Variable / Field Name",
    "form": "Form Name",
    "section": "Section Header",
    "field_type": "Field Type",
    "label": "Field Label",
    "choices": "Choices, Calculations, OR Slider Labels",
    "note": "Field Note",
    "validation": "Text Validation Type OR Show Slider Number",
    "minimum": "Text Validation Min",
    "maximum": "Text Validation Max",
    "is_identifier": "Identifier?",
    "branching": "Branching Logic (Show field only if...)",
    "is_required": "Required Field?",
    "matrix_group": "Matrix Group Name",
    "annotation": "Field Annotation",
}
_NEEDED = ("field", "field_type", "label", "choices")
_MARKUP = ("section", "label", "note")
_YES_OR_NO = ("is_identifier", "is_required")
_CHOOSES = ("radio", "dropdown", "checkbox")
_IMPLIED = {"yesno": "1, Yes | 0, No", "truefalse": "1, True | 0, False"}
_HIDDEN = re.compile(r"@HIDDEN(?!-)|@HIDDEN-SURVEY")
_BLOCK = re.compile(r"<\s*(?:br|/p|/div|/h\d|/li|/tr)\b[^>]*>", re.IGNORECASE)
_SCRIPT = re.compile(r"<\s*(script|style)\b.*?<\s*/\s*\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)


def load_redcap_dictionary(path: str | os.PathLike[str]) -> pd.DataFrame:
    r"""Load a REDCap data dictionary.

    Parameters
    ----------
    path : str or path
        The CSV that REDCap calls data dictionary (or instrument).

    Returns
    -------
    DataFrame
        One row per field, in the order of the file: ``field``, ``form``, ``section``,
        ``field_type`` (``radio``, ``checkbox``, ``yesno``...), ``label`` and ``note`` (markup
        taken out), ``choices`` (``"1, Yes | 2, No"``; those that ``yesno`` and ``truefalse``
        imply are filled in), ``n_choices``, ``validation``, ``minimum``, ``maximum``,
        ``calculation`` (of ``calc`` fields), ``is_identifier``, ``is_required``, ``is_hidden``
        (booleans), ``branching`` (shown only if; blank: always), ``matrix_group``,
        ``annotation``. A blank text is missing. ``redcap_choices`` gives a row per choice.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file is no data dictionary, a field is blank or stands there twice.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> header = ["Variable / Field Name", "Field Type", "Field Label"]
    >>> header.append('"Choices, Calculations, OR Slider Labels"')
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "dictionary.csv")
    ...     row = 'sex,radio,<b>Sex</b>,"1, Girl | 2, Boy"'
    ...     n_characters = file.write_text(",".join(header) + "\n" + row + "\n")
    ...     dictionary = load_redcap_dictionary(file)
    >>> dictionary[["field", "label", "n_choices"]].values.tolist()
    [['sex', 'Sex', 2]]
    """
    import pandas as pd

    grid, source = read_grid(path, ReadOptions(wishes=Wishes(header_row=1), trim=True))
    headings = {fold(str(name)): str(name) for name in grid.frame}
    columns = {name: headings.get(fold(said)) for name, said in _COLUMNS.items()}
    _refuse_no_dictionary(columns, grid.frame, source.title)
    frame = pd.DataFrame(
        {
            name: grid.frame[heading]
            if heading
            else pd.Series(None, index=grid.frame.index, dtype="str")
            for name, heading in columns.items()
        }
    )
    _refuse_repeated(frame["field"], source.title)
    frame = frame.assign(
        **{name: frame[name].map(strip_markup, na_action="ignore") for name in _MARKUP},
        **{name: frame[name].str.casefold().isin(["y", "yes", "1"]) for name in _YES_OR_NO},
    )
    frame = _with_choices(frame)
    frame["is_hidden"] = frame["annotation"].str.contains(_HIDDEN, na=False).astype(bool)
    frame = frame.reset_index(drop=True)
    frame.attrs = {SOURCE: source.to_json()}
    return frame


def redcap_choices(dictionary: pd.DataFrame) -> pd.DataFrame:
    """Take the choices of a data dictionary apart.

    Parameters
    ----------
    dictionary : DataFrame
        What ``load_redcap_dictionary`` returned.

    Returns
    -------
    DataFrame
        One row per field and choice, in order: ``field``, ``code`` (text), ``label`` and
        ``reason`` (``refused``, ``dont_know``... where the label says that there is no answer;
        missing otherwise).

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"field": "sex", "choices": "1, Girl | 3, Prefer not to say"}
    >>> redcap_choices(pd.DataFrame([row]))
      field code              label   reason
    0   sex    1               Girl      NaN
    1   sex    3  Prefer not to say  refused
    """
    import pandas as pd

    rows = [
        {"field": field, "code": code, "label": label, "reason": reason_for(label)}
        for field, choices in zip(dictionary["field"], dictionary["choices"], strict=True)
        if isinstance(choices, str)
        for code, label in parse_choices(choices)
    ]
    return pd.DataFrame(rows, columns=["field", "code", "label", "reason"]).astype("str")


def parse_choices(said: str) -> list[tuple[str, str]]:
    """Take ``1, Yes | 2, No`` apart; a label may hold commas.

    Examples
    --------
    >>> parse_choices("1, Yes, often | 2, No")
    [('1', 'Yes, often'), ('2', 'No')]
    """
    pairs = [part.partition(",") for part in said.split("|") if part.strip()]
    return [(code.strip(), strip_markup(label) or code.strip()) for code, _, label in pairs]


def strip_markup(said: str) -> str:
    """Take HTML out of a text: its words stay, with one space between them.

    Examples
    --------
    >>> strip_markup("<div><p>Born &amp; bred?</p><p>Age < 5</p></div>")
    'Born & bred? Age < 5'
    """
    words = _TAG.sub("", _BLOCK.sub(" ", _SCRIPT.sub(" ", said)))
    return " ".join(html.unescape(words).split())


def _with_choices(frame: pd.DataFrame) -> pd.DataFrame:
    kind = frame["field_type"].str.casefold()
    choosing = kind.isin([*_CHOOSES, *_IMPLIED])
    choices = frame["choices"].where(choosing).fillna(kind.map(_IMPLIED))
    n_choices = choices.map(lambda said: len(parse_choices(said)), na_action="ignore")
    calculation = frame["choices"].where(kind == "calc")
    at = list(frame.columns).index("choices") + 1
    frame = frame.assign(choices=choices.astype("str"))
    frame.insert(at, "n_choices", n_choices.fillna(0).astype("int64"))
    frame.insert(at + 1, "calculation", calculation)
    return frame


def _refuse_no_dictionary(columns: dict[str, str | None], frame: pd.DataFrame, file: str) -> None:
    missing = [_COLUMNS[name] for name in _NEEDED if columns[name] is None]
    if missing:
        raise MissingColumnsError(
            f"load_redcap_dictionary: '{file}' has no column {quoted(missing)}.",
            found=f"{len(frame.columns)} columns",
            hint="the CSV that REDCap's Data Dictionary page downloads",
        )


def _refuse_repeated(fields: pd.Series, file: str) -> None:
    twice = fields[fields.duplicated() | fields.isna()]
    if len(twice):
        raise ReadError(
            f"load_redcap_dictionary: {len(twice)} field(s) of '{file}' have no name of their own.",
            found=quoted(twice.dropna().unique()) if twice.notna().any() else "blank names",
            hint="download the dictionary again: REDCap gives each field one name",
        )
