"""Looking inside one model's network, where it shows its units: what the store lacks is computed and kept.

First the states of each layer at a sample of the texts (analysis/network/written.py), batch by batch; then, once, what
only the network itself can answer (analysis/network/report.py). The keys say which texts (keys.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from sitegen.analysis.network.report import measure_network
from sitegen.analysis.network.written import Inside, look_inside
from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.corpus.segment import Document
from sitegen.models.protocol import Classifier, ShowsUnits
from sitegen.models.registry import load_randomised
from sitegen.pipeline import checks
from sitegen.pipeline.batches import Advance, in_batches, segmented, shortest_first
from sitegen.pipeline.keys import ModelKeys, NetworkKeys

RANDOMISED = 2  # models with fresh weights that evidence, and every measure, is compared with


def score_network(
    site: Site, keys: ModelKeys, store: Store, classifier: Callable[[], Classifier], advance: Advance
) -> int:
    """Look inside the network at the texts that lack it; returns at how many."""
    if keys.network is None:
        return 0
    network = keys.network
    stage = f"Looking inside {keys.name}"
    looked = set[str]()
    for layer, texts in enumerate(network.texts):
        there = store.keys("inside")
        lacking = {key for key in texts if network.at(key, layer) not in there}

        def compute(documents: Sequence[Document], layer: int = layer) -> list[Inside]:
            return look_inside(documents, _network_of(classifier), layer=layer)

        def keep(batch: Sequence[str], insides: list[Inside], layer: int = layer) -> None:
            store.write_inside((network.at(key, layer), one) for key, one in zip(batch, insides, strict=True))

        in_batches(
            shortest_first(keys.texts.texts, lacking),
            keys.texts,
            compute,
            keep,
            size=site.occlusion.batch,
            advance=partial(advance, f"{stage}, layer {layer + 1}"),
        )
        looked |= lacking
    if store.read_report(network.report) is None:
        stage, seed = f"Holding the units of {keys.name}", site.faithfulness.seed
        report = measure_network(
            _network_of(classifier),
            lambda layer: _kept(store, network, layer),
            dict(enumerate(segmented(keys.texts, network.held))),
            randomised=[
                partial(load_randomised, keys.texts.source, seed=seed + k, precision=site.occlusion.precision)
                for k in range(RANDOMISED if not keys.texts.manifest.not_randomised else 0)
            ],
            baseline=checks.baseline(site),
            seed=seed,
            progress=lambda done: advance(stage, round(100 * done), 100),
        )
        store.write_report(network.report, report.as_json())
    return len(looked)


def _network_of(classifier: Callable[[], Classifier]) -> ShowsUnits:
    network = classifier()
    assert isinstance(network, ShowsUnits)  # its manifest says so
    return network


def _kept(store: Store, network: NetworkKeys, layer: int) -> Iterator[Inside]:
    for key in network.texts[layer]:
        inside = store.read_inside(network.at(key, layer))
        assert inside is not None
        yield inside
