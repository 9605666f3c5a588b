"""SPSS, Stata and SAS files: codes in the table, labels beside it."""

from __future__ import annotations

import json

from careerbench.loaders.apart import FACTS, broken, read_apart
from careerbench.loaders.grid import Grid, coded_grid
from careerbench.loaders.labels import Labels
from careerbench.loaders.typed import code_column

_SAID = {
    "sav": "SPSS", "por": "SPSS portable", "dta": "Stata", "sas7bdat": "SAS",
    "xpt": "SAS transport",
}  # fmt: skip


def read_statistical(
    body: bytes, *, kind: str, name: str, encoding: str | None, trim: bool
) -> Grid:
    """Read a file of SPSS, Stata or SAS with its labels."""
    import pyarrow as pa

    table = read_apart(body, kind=kind, name=name, encoding=encoding)
    try:
        columns = [code_column(column, trim=trim) for column in table.columns]
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise broken(name, str(error)) from None
    facts = json.loads(table.schema.metadata[FACTS])
    labels = _labels(facts)
    decisions = [
        f"{_SAID[kind]}: {table.num_rows:,} rows, codes as text; labels in labels_of(frame)",
        f"encoding {encoding}, as asked"
        if encoding
        else f"encoding {facts['encoding'] or 'not said'}, as the file says",
    ]
    if labels.missing:
        decisions.append(f"{len(labels.missing)} columns declare codes missing: kept as they are")
    return coded_grid(columns, facts["names"], decisions=decisions, labels=labels)


def _labels(facts: dict) -> Labels:
    missing = {
        name: tuple((low, high) for low, high in ranges)
        for name, ranges in facts["missing"].items()
    }
    return Labels(facts["variables"], facts["values"], missing)
