"""Labels that a tool for screening papers wrote, known without a setting.

ASReview exports a decision a paper: in a table as a column of one of the names below (1 relevant, 0 irrelevant, empty
or -1 not seen), in RIS as a note, which the reader of RIS makes such a column of. Where site.toml names no column of
labels and there is one such column, whose cells all mean one of these, its decisions are the gold labels, and a note
says so. Where there are two that differ, or other cells, there are no labels, and the note says that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sitegen.config import Classes
from sitegen.corpus.collection import Collection, Record
from sitegen.corpus.naming import Naming

COLUMNS = ("asreview_label", "included", "label_included")
_LABELS: Mapping[str, int | None] = {
    **dict.fromkeys(("1", "1.0", "true", "yes"), 1),
    **dict.fromkeys(("0", "0.0", "false", "no"), 0),
    **dict.fromkeys(("", "-1", "-1.0", "na", "nan", "none", "not_seen"), None),
}


def with_screening_labels(collection: Collection, *, classes: Classes, naming: Naming) -> Collection:
    """The collection with the labels of its one column of decisions, and a note on that; else as it is."""
    decided = {column: cells for column in COLUMNS if any(cells := [_cell(one, column) for one in collection.records])}
    if not decided:
        return collection
    columns = " and ".join(f'"{column}"' for column in decided)
    odd = sorted({cell for cells in decided.values() for cell in cells if cell.casefold() not in _LABELS})
    labels = {tuple(_LABELS.get(cell.casefold()) for cell in cells) for cells in decided.values()}
    if odd or len(labels) > 1:
        why = f'"{odd[0]}" stands there, too' if odd else "they differ"
        doubt = f"{columns} could be decisions of a screening, but {why}."
        note = f"no labels: {doubt} Name the column: {naming.label}."
        said = f"None of them has a gold label: {_curly(doubt)}"
        return replace(collection, notes=(*collection.notes, note), labels=said)
    (chosen,) = labels
    labelled = sum(label is not None for label in chosen)
    note = (
        f"labels: {columns} is taken for the decisions of a screening ({labelled:,} of {len(chosen):,} records): 1 "
        f'means "{classes.positive}", 0 "{classes.negative}". To have another column or none, set {naming.label}.'
    )
    said = (
        f"{labelled:,} of them {'has' if labelled == 1 else 'have'} a gold label: what somebody decided who screened "
        f"them, from {_curly(columns)}. Relevant (1) means “{classes.positive}”: {chosen.count(1):,}; irrelevant (0) "
        f"means “{classes.negative}”: {chosen.count(0):,}. What nobody has looked at has no label."
    )
    records = (_labelled(record, label, decided) for record, label in zip(collection.records, chosen, strict=True))
    return replace(collection, records=tuple(records), notes=(*collection.notes, note), labels=said)


def _curly(text: str) -> str:
    """The text with the quotes that pages have."""
    return re.sub(r'"([^"]*)"', r"“\1”", text)


def _cell(record: Record, column: str) -> str:
    return record.metadata.get(column, "") or record.facets.get(column, "")


def _labelled(record: Record, label: int | None, columns: Iterable[str]) -> Record:
    metadata = {name: cell for name, cell in record.metadata.items() if name not in columns}
    return replace(record, label=label, metadata=metadata)
