"""What a site's files say of the inside of the network, read by Python: to compare with what pages make of them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sitegen.analysis.network.packing import unpack_states
from sitegen.analysis.network.written import FIELDS, Field, decoded, written


def value_of(file: Path) -> Any:
    """What a script assigns in its last line."""
    return json.loads(file.read_text(encoding="utf-8").rstrip("\n;").split(" = ", 3)[-1])


def floats(text: str) -> np.ndarray[Any, Any]:
    return np.frombuffer(base64.b64decode(text), "<f4").astype(np.float64)


@dataclass(frozen=True)
class FieldFile:
    """One field of a record's file. states (m, K, H); evidence (KH, m), as pages have it, of the top layer."""

    known: list[int]
    states: np.ndarray[Any, Any]
    evidence: np.ndarray[Any, Any]
    units: np.ndarray[Any, Any]
    words: np.ndarray[Any, Any]
    error: float


def network_of(site: Path) -> dict[str, Any]:
    found: dict[str, Any] = value_of(site / "assets" / "network.js")
    return found


def fields_of(site: Path, name: str) -> dict[Field, FieldFile]:
    """The top layer at a record."""
    network, parts = network_of(site), value_of(site / "records" / "inside" / f"{name}.js")
    shape = {"directions": network["directions"], "hidden": network["hidden"]}
    found = {}
    for field in FIELDS:
        part, slopes = parts[field], floats(network["fields"][field]["slopes"])
        states = unpack_states(base64.b64decode(part["states"]), **shape)
        evidence = written(decoded(states), slopes.reshape(states.shape[1:]), last_step=network["last_step"])
        found[field] = FieldFile(
            known=part["known"],
            states=states,
            evidence=evidence.reshape(len(states), -1).T,
            units=floats(part["units"]),
            words=floats(part["words"]),
            error=part["error"],
        )
    return found
