"""Where a model's answers stand in the store: what each depends on, and reading it back.

An answer is stored under a hash of all that it depends on: the text, the bytes of the model, and the settings below.
So nothing is ever out of date; a changed text, model or setting is another key, under which nothing stands yet.

`model_keys` works out all keys of one model, once: one for each record, one for each further checkpoint of its ensemble
and record, and one for its report on the whole corpus. Scoring (score.py) fills the store under these keys, writing the
site (render.py) reads the store by them. No other module makes a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.faithfulness.report import Faithfulness, from_json
from sitegen.analysis.network.report import HELD, NetworkReport
from sitegen.analysis.network.written import Inside
from sitegen.analysis.significance.negative_control import ControlAnswers
from sitegen.analysis.store.store import MemberKind, Store, report_key, score_key
from sitegen.config import Model, Site
from sitegen.corpus.neutral import neutral_sentences
from sitegen.corpus.records import Record, text_hash
from sitegen.errors import StoreError
from sitegen.models.manifest import Manifest
from sitegen.models.registry import describe
from sitegen.models.source import Source, checkpoints_of, source_of
from sitegen.pipeline.scope import reads
from sitegen.web.inputs import NetworkInputs, RecordExtras
from sitegen.web.pages.faithfulness.page import Checked

TRIED = 20  # texts that a model of others is tried on

Texts = Mapping[str, Record]  # by key, a record for each distinct text


@dataclass(frozen=True, slots=True, kw_only=True)
class TextKeys:
    """One model's keys for the texts of a corpus.

    source, manifest: where the model is, and what can be said of it. of_record (N,): the key of each record, in the
    corpus's order; None of one that the model is not asked about. texts: the distinct texts by their keys, each with
    the first of its records that has a label, else the first.
    """

    source: Source
    manifest: Manifest
    of_record: tuple[str | None, ...]
    texts: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkKeys:
    """What is looked at inside the network. texts: by layer, the keys of the texts. held: those that are read with
    units held, of the texts of the top layer. report: the key of what came of that."""

    texts: tuple[tuple[str, ...], ...]
    held: tuple[str, ...]
    report: str

    def at(self, key: str, layer: int) -> str:
        """The key of what a layer looks like at a text."""
        return f"{key}-{layer}"

    @property
    def all(self) -> set[str]:
        """Every key."""
        return {self.report, *(self.at(key, layer) for layer, keys in enumerate(self.texts) for key in keys)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelKeys:
    """All keys of one model of a site.

    name: as readers see it. texts: its own keys. ensemble: those of each further checkpoint. sample: the keys of the
    texts that faithfulness is tried on. report: the key of what came of that; controls: of what the model says of the
    test's negative controls. tried: the keys of the texts that a model of others is tried on before all else, trial: of
    what came of that; None for a model directory of ours. reach: of how far it reads into the texts; None where it
    reads texts of any length. plan: of how much is asked of a model; None of one whose manifest says that it adds up.
    network: those of what is looked at inside it; None where nothing is. live: of the form in which it runs in a page,
    and of what that costs; None where none is asked for, or it cannot.
    """

    name: str
    texts: TextKeys
    ensemble: tuple[TextKeys, ...]
    sample: tuple[str, ...]
    report: str
    controls: str
    network: NetworkKeys | None = None
    tried: tuple[str, ...] = ()
    trial: str | None = None
    reach: str | None = None
    plan: str | None = None
    live: str | None = None

    @property
    def all(self) -> set[str]:
        """Every key that the site needs of this model, in whatever table."""
        return {
            *self.texts.texts,
            *(key for member in self.ensemble for key in member.texts),
            self.report,
            self.controls,
            *(key for key in (self.trial, self.reach, self.plan, self.live) if key),
            *(self.network.all if self.network else ()),
        }


def model_keys(site: Site, model: Model, manifest: Manifest, records: Sequence[Record]) -> ModelKeys:
    """The keys of `model`, whose manifest is given, over the records of the site."""
    asked = reads(site, model, records)
    own = text_keys(site, source_of(site, model), manifest, records, asked=asked)
    sample, tried = _sample(site, own), _tried(own)
    return ModelKeys(
        name=model.name,
        texts=own,
        ensemble=tuple(
            text_keys(site, one, describe(one), records, asked=asked) for one in checkpoints_of(site, model)
        ),
        sample=sample,
        report=_report_key(site, own, sample),
        controls=_controls_key(site, own),
        network=_network_keys(site, own) if model == site.models[0] else None,
        tried=tried,
        trial=_trial_key(site, own, tried, name=model.name) if model.kind and not manifest.given else None,
        reach=_reach_key(own) if manifest.limited else None,
        plan=None if manifest.additive else _plan_key(site, own),
        live=_live_key(site, own) if site.live.show and not manifest.no_live else None,
    )


def text_keys(
    site: Site, source: Source, manifest: Manifest, records: Sequence[Record], *, asked: Sequence[bool] | None = None
) -> TextKeys:
    """The keys of what a model says of each record's text. asked: whether it is asked about each; None: about all."""
    of_record = tuple(
        score_key(
            title=record.title, abstract=record.abstract, fingerprint=manifest.fingerprint, settings=_settings(site)
        )
        if wanted
        else None
        for record, wanted in zip(records, asked or [True] * len(records), strict=True)
    )
    texts: dict[str, Record] = {}
    for key, record in zip(of_record, records, strict=True):
        if key is None:
            continue
        if texts.setdefault(key, record).label is None and record.label is not None:
            texts[key] = record
    return TextKeys(source=source, manifest=manifest, of_record=of_record, texts=texts)


def read_occlusions(store: Store, models: Iterable[ModelKeys], record: Record, k: int) -> dict[str, Occlusion]:
    """The scores of `record`, the k-th of the corpus, by the name of each model that reads it."""
    return {
        model.name: store.read(key, title=record.title, abstract=record.abstract)
        for model in models
        if (key := model.texts.of_record[k]) is not None
    }


def read_pieces(store: Store, models: Iterable[ModelKeys], k: int) -> dict[str, ReadAlone]:
    """What the pieces of record k say alone, by the name of each model that reads it."""
    return {model.name: store.read_alone(key) for model in models if (key := model.texts.of_record[k]) is not None}


def read_extras(store: Store, models: Iterable[ModelKeys], k: int, *, site: Site) -> dict[str, RecordExtras]:
    """The further answers about record k by the name of each model that reads it, as far as the store has them and the
    site wants them: shares that were computed before they were turned off are left out, since new records have none
    beside them."""
    return {
        model.name: _extras(store, model, k, key=key, site=site)
        for model in models
        if (key := model.texts.of_record[k]) is not None
    }


def _extras(store: Store, model: ModelKeys, k: int, *, key: str, site: Site) -> RecordExtras:
    """One model's; `key`: of record k by it."""
    shapley = None if site.occlusion.shapley == "off" else store.read_shapley(key)
    kind: MemberKind = "members" if shapley is None else "member_shares"
    keys_of_members = [one for member in model.ensemble if (one := member.of_record[k]) is not None]
    members = [store.read_member(kind, one) for one in keys_of_members]
    exact = shapley is not None and shapley.method == "exact"
    return RecordExtras(
        shapley=shapley,
        untitled=store.read_untitled(key) if exact and site.records.titled else None,
        members=tuple(member for member in members if member is not None),
    )


def read_controls(store: Store, models: Iterable[ModelKeys]) -> dict[str, ControlAnswers]:
    """What each model says of the negative controls, by its name; StoreError where one was not asked."""
    answers = {}
    for model in models:
        stored = store.read_report(model.controls)
        if stored is None:
            raise StoreError(f"{store.path}: the negative controls are missing. Run: sitegen score SITE.TOML")
        answers[model.name] = ControlAnswers.from_json(stored)
    return answers


def read_checked(store: Store, models: Iterable[ModelKeys]) -> tuple[Checked, ...]:
    """The report of each model that has one, on how truthful the measures are."""
    checked = []
    for model in models:
        if (report := read_report(store, model.report)) is not None:
            held_out = len(model.sample) if model.texts.manifest.texts.seen else 0
            checked.append(Checked(model=model.name, result=report, held_out=held_out))
    return tuple(checked)


def read_network(store: Store, keys: NetworkKeys | None, model: TextKeys, *, lower: int) -> NetworkInputs | None:
    """What is known of the inside of a network; None where nothing is looked at. lower: of how many papers the states
    below the top layer are published."""
    if keys is None:
        return None
    stored = store.read_report(keys.report)
    if stored is None:
        raise StoreError(f"{store.path}: the network was not looked into. Run: sitegen score SITE.TOML")
    number = {key: k for k, key in reversed(list(enumerate(model.of_record))) if key is not None}

    wanted = [set(of_layer) for of_layer in keys.texts]

    def inside(k: int, layer: int) -> Inside | None:
        key = model.of_record[k]
        return store.read_inside(keys.at(key, layer)) if key is not None and key in wanted[layer] else None

    return NetworkInputs(
        report=NetworkReport.from_json(stored),
        papers=tuple(tuple(sorted(number[key] for key in of_layer)) for of_layer in keys.texts),
        held=tuple(number[key] for key in keys.held),
        inside=inside,
        lower=lower,
    )


def read_report(store: Store, key: str) -> Faithfulness | None:
    """The report under `key`; None where there is none, or one that another version of sitegen wrote otherwise."""
    stored = store.read_report(key)
    try:
        return None if stored is None else from_json(stored)
    except ValueError:
        return None


def _settings(site: Site) -> dict[str, str | int | float | bool]:
    """The settings that every answer depends on, beside the text and the model's bytes."""
    return {"baseline": site.occlusion.baseline, "precision": site.occlusion.precision}


def _sample(site: Site, keys: TextKeys) -> tuple[str, ...]:
    """The keys of the texts that faithfulness is tried on: those the model did not learn from, in the order of their
    keys, as many as the site asks for. Where a model does not say what it learned from, all may be drawn."""
    seen = keys.manifest.texts.seen
    unseen = [key for key, record in keys.texts.items() if text_hash(record.title, record.abstract) not in seen]
    return tuple(sorted(unseen)[: site.faithfulness.records])


def _tried(keys: TextKeys) -> tuple[str, ...]:
    """The keys of the texts that a model is tried on: as many of both classes as can be, then of those without one."""
    by_label = {label: [key for key in sorted(keys.texts) if keys.texts[key].label == label] for label in (1, 0, None)}
    first = [*by_label[1][: TRIED // 2], *by_label[0][: TRIED // 2]]
    rest = [key for key in sorted(keys.texts) if key not in first]
    return tuple([*first, *rest][:TRIED])


def _trial_key(site: Site, keys: TextKeys, tried: Sequence[str], *, name: str) -> str:
    """The key of what came of trying a model; its warnings call the model and the classes by their names."""
    about = [f"{key} {keys.texts[key].label}" for key in tried]
    about += [*site.classes.names, name]
    return report_key(fingerprint=keys.manifest.fingerprint, settings={**_settings(site), "trial": 2}, about=about)


def _plan_key(site: Site, keys: TextKeys) -> str:
    """The key of how much is asked of a model: not of the corpus, so that a record more changes nothing.

    On how many records the measures are tried is in the key where it is not as usual; see `_report_key`.
    """
    occlusion = site.occlusion
    settings = {**_settings(site), "plan": 1, "depth": occlusion.depth, "minutes": occlusion.minutes}
    if occlusion.depth == "auto" and not site.faithfulness.as_usual("records"):
        settings["tried"] = site.faithfulness.records
    return report_key(fingerprint=keys.manifest.fingerprint, settings=settings, about=[])


def _reach_key(keys: TextKeys) -> str:
    """The key of how far a model reads into each of the texts."""
    return report_key(fingerprint=keys.manifest.fingerprint, settings={"reach": 1}, about=sorted(keys.texts))


def _live_key(site: Site, keys: TextKeys) -> str:
    """The key of the form in which a model runs in a page; it is tried on all texts."""
    settings = {**_settings(site), "live": 2, "megabytes": site.live.megabytes}
    return report_key(fingerprint=keys.manifest.fingerprint, settings=settings, about=sorted(keys.texts))


def _network_keys(site: Site, keys: TextKeys) -> NetworkKeys | None:
    """The keys of the texts inside which the network is looked at: in their order, which is that of hashes, as many as
    the site asks for."""
    network = keys.manifest.network
    if network is None or not site.network.show:
        return None
    top = tuple(sorted(keys.texts)[: site.network.papers])
    lower = top[: max(site.network.lower, HELD)]
    texts = (*(lower for _ in range(network.layers - 1)), top)
    report = report_key(
        fingerprint=keys.manifest.fingerprint,
        settings={**_settings(site), "network": 2, "seed": site.faithfulness.seed},
        about=[" ".join(of_layer) for of_layer in texts],
    )
    return NetworkKeys(texts=texts, held=top[:HELD], report=report)


def _controls_key(site: Site, keys: TextKeys) -> str:
    """The key of what a model says of the negative controls: they depend on the neutral sentences, and on the texts and
    labels of the corpus."""
    labelled = sorted(f"{key} {record.label}" for key, record in keys.texts.items() if record.label is not None)
    about = [*neutral_of(site), *site.records.missing, *labelled]
    settings = {**_settings(site), "controls": 1}
    if not site.records.as_usual("missing"):
        settings["missing"] = len(site.records.missing)  # else they would run into the neutral sentences
    return report_key(fingerprint=keys.manifest.fingerprint, settings=settings, about=about)


def neutral_of(site: Site) -> tuple[str, ...]:
    """The site's neutral sentences."""
    return neutral_sentences(site.language, site.significance.neutral)


def _report_key(site: Site, keys: TextKeys, sample: Sequence[str]) -> str:
    """The key of a model's report on the sampled texts; it depends on their labels, on the neutral sentences, on the
    threshold and on how shares are computed, too.

    A threshold of .5 is not in the key, and nor are the usual settings of shares: there are stores with reports from
    when the key had neither.
    """
    settings = {**_settings(site), "hybrids": site.faithfulness.hybrids, "seed": site.faithfulness.seed}
    if site.classes.threshold != 0.5:
        settings["threshold"] = site.classes.threshold
    if not site.occlusion.as_usual("shapley"):
        settings["shares"] = site.occlusion.shapley
    elif not site.occlusion.as_usual("shapley_minutes"):
        settings["shares"] = site.occlusion.shapley_minutes
    about = [f"{key} {keys.texts[key].label}" for key in sample]
    about += [f"neutral {sentence}" for sentence in neutral_of(site)]
    return report_key(fingerprint=keys.manifest.fingerprint, settings=settings, about=about)
