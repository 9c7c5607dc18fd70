"""Train a model: from labelled records to a model directory.

The stages, in order: segment every record; divide the records into a training, a validation and a test part so that no
paper is in two (splits.py); make word vectors from the training part, or use those given; fit the network (fitting.py);
measure it on the test part (metrics.py); write the directory with its card (card.py).

The test part is held out of everything: word vectors and vocabulary come from the training part alone, so words that
only test papers use are as unknown as those of tomorrow's papers. The vocabulary is the words that the training part
uses at least `min_count` times. Vectors are rounded to float16 before training, not after it, so that the model that is
measured is the model that is saved.

Vectors are word2vec skip-grams with negative sampling (Mikolov et al. 2013) by gensim, with one worker thread: with
more, the order of updates and so the vectors would differ from run to run.
"""

from __future__ import annotations

import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sitegen.corpus.arrays import Array
from sitegen.corpus.records import Record
from sitegen.corpus.segment import Document, Segmentation, segment
from sitegen.corpus.texts import normalised_title, text_hash, title_end
from sitegen.corpus.values import Limit, limit_text
from sitegen.corpus.vectors import Vectors, open_vectors, write_vectors
from sitegen.errors import ModelError
from sitegen.models.lstm.architecture import Architecture, Readout
from sitegen.models.lstm.classifier import build_classifier
from sitegen.models.lstm.directory import check_output, save
from sitegen.models.manifest import Manifest, Texts
from sitegen.models.training.card import CardFacts, model_card
from sitegen.models.training.confounders import confounding_facts
from sitegen.models.training.fitting import Example, FitOptions, fit
from sitegen.models.training.metrics import Estimate, evaluate
from sitegen.models.training.splits import Split, group, split

Progress = Callable[[str, float], None]
NO_LIMIT: Limit = {}
MIN_RECORDS = 20  # of each class: with fewer, one of the three parts has too few to train, to stop or to test by


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOptions:
    """The settings of a training run.

    hidden, layers, joint, readout: the architecture, see lstm/architecture.py. dimension, window, vector_epochs: of the
    word vectors, where they are made here. min_count: how often the training part must use a word for it to be in the
    vocabulary. validation, test: shares of the records, 0 to 1. seed: of everything random. fit: see fitting.py.
    """

    hidden: int = 64
    layers: int = 2
    dimension: int = 100
    joint: int = 0
    readout: Readout = "final-state"
    min_count: int = 2
    window: int = 5
    vector_epochs: int = 20
    validation: float = 0.1
    test: float = 0.15
    seed: int = 0
    fit: FitOptions = field(default_factory=FitOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingReport:
    """The result of a training run.

    model: the model written. metrics: its measures on the test part, by name. split: which records are in which part.
    unlabelled: how many records were left out because they have no label. epochs: how many were run; best_epoch: the
    one whose weights were saved, from 1.
    """

    model: Manifest
    metrics: dict[str, Estimate]
    split: Split
    unlabelled: int
    epochs: int
    best_epoch: int


def train(
    records: Sequence[Record],
    *,
    classes: tuple[str, str],
    segmentation: Segmentation,
    options: TrainingOptions,
    vectors: Vectors | None,
    progress: Progress,
    output: Path,
    confounders: Sequence[str] = (),
    limit: Limit = NO_LIMIT,
) -> TrainingReport:
    """Train a model on the labelled records among `records` and write it to `output`.

    classes: (negative, positive), the names of labels 0 and 1. vectors: where given, used instead of word2vec, with
    their own dimension. progress: called with the name of a stage and the fraction of it that is done, 0 to 1.
    confounders: metadata columns whose connection with the class the model card states. limit: what the records were
    limited to, for the card. Raises ModelError where a class has too few records or `output` cannot be written.
    """
    check_output(output)
    labelled = [record for record in records if record.label is not None]
    labels = np.array([record.label for record in labelled], dtype=np.int64)
    _check_classes(labels, classes, limit)
    confounding = confounding_facts(labelled, classes=classes, columns=confounders)
    parts = _split(labelled, labels, options)
    _check_parts(parts, labels, classes)
    documents = _segmented(labelled, segmentation, progress)
    with tempfile.TemporaryDirectory() as scratch:
        known, source = _vocabulary(
            [documents[i] for i in parts.train], options, vectors, folder=Path(scratch) / "vectors", progress=progress
        )
        architecture = Architecture(
            layers=options.layers,
            hidden=options.hidden,
            dimension=known.dimension,
            readout=options.readout,
            joint=options.joint,
        )
        fitted = fit(
            architecture,
            np.asarray(known.matrix),
            train=[_example(documents[i], labels[i], known) for i in parts.train],
            validation=[_example(documents[i], labels[i], known) for i in parts.validation],
            options=options.fit,
            seed=options.seed,
            progress=lambda fraction: progress("training", fraction),
        )
        classifier = build_classifier(
            fitted.weights, architecture=architecture, vectors=known, segmentation=segmentation
        )
        test_documents = [documents[i] for i in parts.test]
        margins = classifier.margins(
            [d.title.tokens for d in test_documents], [d.abstract.tokens for d in test_documents]
        )
        metrics = evaluate(labels[list(parts.test)], margins, rng=np.random.default_rng(options.seed))
        facts = CardFacts(
            classes=classes,
            parts={part: _class_counts(labels[list(numbers)]) for part, numbers in asdict(parts).items()},
            unlabelled=len(records) - len(labelled),
            limit=limit_text(limit),
            architecture=architecture,
            vocabulary=len(known),
            min_count=options.min_count,
            vectors=source,
            test_unknown=_unknown_share(test_documents, known),
            epochs=len(fitted.losses),
            best_epoch=fitted.best,
            prefix_share=options.fit.prefix_share,
            metrics=metrics,
            confounders=confounding,
        )
        model = save(
            output,
            architecture=architecture,
            segmentation=segmentation,
            classes=classes,
            weights=fitted.weights,
            vectors=known,
            card=model_card(facts),
            texts=_texts(labelled, parts),
            metrics={"test": {name: _rounded(estimate) for name, estimate in metrics.items()}},
            training={
                "options": asdict(options),
                "vectors": source,
                "parts": {part: list(counts) for part, counts in facts.parts.items()},
                "unlabelled": facts.unlabelled,
                **({"only": {column: list(values) for column, values in limit.items()}} if limit else {}),
                "best_epoch": fitted.best,
                "validation_losses": [round(loss, 6) for loss in fitted.losses],
            },
        )
    return TrainingReport(
        model=model,
        metrics=metrics,
        split=parts,
        unlabelled=facts.unlabelled,
        epochs=len(fitted.losses),
        best_epoch=fitted.best,
    )


def _check_classes(labels: Array, classes: tuple[str, str], limit: Limit) -> None:
    for number, name in enumerate(classes):
        count = int(np.sum(labels == number))
        if count < MIN_RECORDS:
            of = f" whose {limit_text(limit)}" if limit else ""
            more = (
                "Limit them less, or label more"
                if limit
                else "Label more records, or check which labels mean which class"
            )
            raise ModelError(
                f'training: only {count} records{of} are labelled "{name}"; at least {MIN_RECORDS} of each class are '
                f"needed to train, to stop and to test. {more}."
            )


def _check_parts(parts: Split, labels: Array, classes: tuple[str, str]) -> None:
    """ModelError where a part lacks a class: a few large groups of repeated records may all be dealt to another."""
    names = {"train": "training", "validation": "validation", "test": "test"}
    for part, numbers in asdict(parts).items():
        for number, name in enumerate(classes):
            if not np.any(labels[list(numbers)] == number):
                raise ModelError(
                    f'training: no record that is labelled "{name}" is left for the {names[part]} part, since records '
                    f"of the same title or abstract are kept together. Remove repeated records, or what stands for "
                    f"missing titles and abstracts."
                )


def _segmented(records: Sequence[Record], segmentation: Segmentation, progress: Progress) -> list[Document]:
    documents = []
    for done, record in enumerate(records, start=1):
        documents.append(segment(record.title, record.abstract, segmentation))
        progress("cutting texts", done / len(records))
    return documents


def _split(records: Sequence[Record], labels: Array, options: TrainingOptions) -> Split:
    keys: list[list[Hashable]] = []
    for record in records:
        body = record.abstract[title_end(record.title, record.abstract) :]
        forms = (("title", normalised_title(record.title)), ("abstract", normalised_title(body)))
        keys.append([(name, form) for name, form in forms if form])
    rng = np.random.default_rng(options.seed)
    return split(group(keys), labels.tolist(), validation=options.validation, test=options.test, rng=rng)


def _texts(records: Sequence[Record], parts: Split) -> Texts:
    hashes = [text_hash(record.title, record.abstract) for record in records]
    return Texts(**{part: tuple(hashes[i] for i in numbers) for part, numbers in asdict(parts).items()})


def _vocabulary(
    documents: Sequence[Document], options: TrainingOptions, given: Vectors | None, *, folder: Path, progress: Progress
) -> tuple[Vectors, str]:
    """Write float16 vectors of the words that are used often enough to `folder`; return them and their source."""
    texts = [list(field.tokens) for document in documents for field in (document.title, document.abstract)]
    counts = Counter(token for text in texts for token in text)
    words = sorted(word for word, count in counts.items() if count >= options.min_count)
    matrix: Array = np.zeros((0, 0))
    if given is not None:
        rows = given.rows(words)
        words = [word for word, row in zip(words, rows, strict=True) if row >= 0]
        matrix = given.matrix[rows[rows >= 0]]
    elif words:
        matrix = _word2vec(texts, words, options, progress)
    if not words:
        raise ModelError(
            f"training: no word is used {options.min_count} times and has a vector. Give more text, or other vectors."
        )
    write_vectors(folder, words=words, matrix=matrix.astype(np.float16))
    made = f"word2vec skip-grams of the training part, {options.vector_epochs} epochs, kept as float16"
    return open_vectors(folder), made if given is None else "given ready-made, kept as float16"


def _word2vec(texts: Sequence[list[str]], words: Sequence[str], options: TrainingOptions, progress: Progress) -> Array:
    from gensim.models import Word2Vec

    model = Word2Vec(
        vector_size=options.dimension,
        window=options.window,
        min_count=options.min_count,
        sg=1,
        seed=options.seed,
        workers=1,
        hashfxn=_stable_hash,
    )
    model.build_vocab(texts)
    rate = np.linspace(model.alpha, model.min_alpha, options.vector_epochs + 1)
    for epoch in range(options.vector_epochs):
        progress("word vectors", epoch / options.vector_epochs)
        model.train(texts, total_examples=len(texts), epochs=1, start_alpha=rate[epoch], end_alpha=rate[epoch + 1])
    progress("word vectors", 1.0)
    matrix: Array = model.wv[list(words)]
    return matrix


def _stable_hash(word: str) -> int:
    """A hash that is the same in every process, as Python's own is not."""
    return zlib.crc32(word.encode("utf-8"))


def _example(document: Document, label: Any, vectors: Vectors) -> Example:
    title, abstract = vectors.rows(document.title.tokens), vectors.rows(document.abstract.tokens)
    return Example(title=title[title >= 0], abstract=abstract[abstract >= 0], label=int(label))


def _class_counts(labels: Array) -> tuple[int, int]:
    return int(np.sum(labels == 0)), int(np.sum(labels == 1))


def _unknown_share(documents: Sequence[Document], vectors: Vectors) -> float:
    tokens = [token for document in documents for token in (*document.title.tokens, *document.abstract.tokens)]
    return float(np.mean(vectors.rows(tokens) < 0)) if tokens else 0.0


def _rounded(estimate: Estimate) -> dict[str, float]:
    """An estimate to six decimals: the seventh of a float32 margin depends on how many threads computed it."""
    return {name: round(value, 6) for name, value in asdict(estimate).items()}
