"""What pages load of the inside of a network, once a reader asks to see it: scripts that assign, a file a paper.

`assets/network.js` sets `window.sitegen.network`, what all papers have in common:

    {layers, directions, hidden, last_step, bias, papers, names, arrows, unit_page,
     fields: {title: FIELD, abstract: FIELD}}
    FIELD    slopes   K·H, forward units first
             blocks   of the top layer, by direction: {order: [unit, ...], bands: [[unit, ...], ...], explained, voices}
             orders   of the layers below it, from the lowest, by direction: [unit, ...], neighbours alike

names and arrows are those of the directions (text/units.py); unit_page is the path of a unit's page within the site,
with {} for the unit's file name, "" where not all units have pages.

`records/inside/NAME.js` sets an entry of `window.sitegen.inside`, by the record's file name and the layer, "NAME/2":

    {title: PART, abstract: PART, full: {bands, units}}
    full     the evidence from which on a colour is full, of a band and of a unit (web/charts/inside.py)
    PART     states   the states of the layer after each word that the model knows, packed (analysis/network/packing.py)
             known    the places of these words among the tokens; none where no word is known (then there is one state)
             units    K·H, each unit's part of the margin        words   by token, what all units wrote there
             error    the most that evidence made from `states` is off at one unit and word

Of layers below the top one, `records/inside/NAME-layer-1.js` and so on, a part has `states` and `known` alone, and
there is no `full`. Numbers are base64 of little-endian float32, states base64 of the packed bytes; evidence and margins
are in log-odds. `records/inside/NAME.png` is the static picture of the bands.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.network.likeness import Likeness
from sitegen.analysis.network.packing import pack_states
from sitegen.analysis.network.written import FIELDS, Field, Inside
from sitegen.corpus.arrays import Array
from sitegen.web import routes
from sitegen.web.charts.inside import Cells, cells, ends, picture
from sitegen.web.charts.style import Palette
from sitegen.web.export.scripts import assignment, entry
from sitegen.web.inputs import NetworkInputs
from sitegen.web.pages.network.numbers import all_shown
from sitegen.web.pages.record.heatmap import encoded
from sitegen.web.publish.thumbnails import thumbnail
from sitegen.web.text.units import ARROWS, DIRECTIONS


def network_script(network: NetworkInputs, likeness: Mapping[Field, Sequence[Likeness]]) -> str:
    """What the papers have in common, as a script."""
    shape = network.report.network
    fields = {
        field: {
            "slopes": encoded(network.report.of(field).slopes),
            "blocks": [asdict(block) for block in likeness[field][-1].blocks],
            "orders": [[block.order for block in layer.blocks] for layer in likeness[field][:-1]],
        }
        for field in FIELDS
    }
    value = {
        **asdict(shape),
        "bias": network.report.bias,
        "papers": len(network.papers[-1]),
        "names": DIRECTIONS,
        "arrows": ARROWS,
        "unit_page": routes.ROUTES["unit"].path if all_shown(shape) else "",
        "fields": fields,
    }
    return assignment("network", value)


def inside_files(
    network: NetworkInputs,
    likeness: Mapping[Field, Sequence[Likeness]],
    k: int,
    *,
    name: str,
    occlusion: Occlusion,
    palette: Palette,
) -> Iterator[tuple[str, str | bytes]]:
    """Path and content of each file of the inside of record k: a script for every layer whose states are kept, and the
    picture of the top one. name: the record's file name."""
    known: dict[Field, Array] = {"title": occlusion.title_known, "abstract": occlusion.abstract_known}
    layers = network.report.network.layers
    for layer in reversed(range(layers)):
        if (inside := network.published(k, layer)) is None:
            continue
        top = layer == layers - 1
        value: dict[str, Any] = {field: _part(inside, field, known[field], top=top) for field in FIELDS}
        if top:
            shown = _cells(network, likeness, inside, known)
            end = ends(shown)
            value["full"] = asdict(end)
            yield routes.inside_picture(name), thumbnail(picture(shown, end=end.bands), palette=palette)
        yield routes.inside(name, layer, layers), entry("inside", f"{name}/{layer + 1}", value)


def _cells(
    network: NetworkInputs,
    likeness: Mapping[Field, Sequence[Likeness]],
    inside: Inside,
    known: Mapping[Field, Array],
) -> dict[Field, Cells]:
    return {
        field: cells(
            inside,
            field,
            slopes=network.report.of(field).slopes,
            blocks=likeness[field][-1].blocks,
            known=known[field],
            last_step=network.report.network.last_step,
        )
        for field in FIELDS
    }


def _part(inside: Inside, field: Field, known: Array, *, top: bool) -> dict[str, Any]:
    of_field = inside.of(field)
    part: dict[str, Any] = {
        "states": base64.b64encode(pack_states(of_field.states)).decode("ascii"),
        "known": known.nonzero()[0].tolist(),
    }
    if top:
        part |= {"units": encoded(of_field.units), "words": encoded(of_field.words), "error": of_field.error}
    return part
