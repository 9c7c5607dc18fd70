"""The model card: a page of Markdown on what a model is, its data, its measures and its limits.

After Mitchell et al. (2019), "Model cards for model reporting". Every number is computed from the labelled records; the
same records and options give the same card, byte for byte (so it bears no date).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sitegen.models.lstm.architecture import Architecture
from sitegen.models.training.metrics import Estimate

_MEASURES = {
    "accuracy": "Accuracy (share of records on the right side of probability .5)",
    "auc": "AUC (chance that a positive record is ranked above a negative one)",
    "brier": "Brier score (mean squared error of the probability; 0 is perfect, .25 is a coin)",
    "ece": "Expected calibration error (10 bins of equal width; 0 is perfect)",
}
_READOUTS = {
    "final-state": "the last state of each direction, so that both directions have read the whole text",
    "last-step": "the output at the last word, where the backward direction has read that one word only",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """The facts that the card states.

    classes: (negative, positive). parts: for training, validation and test part the numbers of (negatives, positives).
    unlabelled: how many records were left out because they have no label. limit: what the records were limited to, as a
    clause, "" where they were not. vocabulary: how many words the model knows;
    min_count: how often the training part uses each at least. vectors: where they come from, in words. test_unknown:
    share of the test part's words that the vocabulary lacks, 0 to 1. epochs: how many were run; best_epoch: the one
    whose weights were saved, from 1. prefix_share: share of the examples that were cut short. metrics: measures on the
    test part, by name. confounders: whole sentences, see confounders.py.
    """

    classes: tuple[str, str]
    parts: Mapping[str, tuple[int, int]]
    unlabelled: int
    limit: str
    architecture: Architecture
    vocabulary: int
    min_count: int
    vectors: str
    test_unknown: float
    epochs: int
    best_epoch: int
    prefix_share: float
    metrics: Mapping[str, Estimate]
    confounders: Sequence[str]


def model_card(facts: CardFacts) -> str:
    """The card as Markdown."""
    sections = (_purpose, _data, _network, _performance, _confounders, _limits)
    return "\n\n".join(section(facts) for section in sections) + "\n"


def _purpose(facts: CardFacts) -> str:
    negative, positive = facts.classes
    return (
        f"# Model card\n\n"
        f"This model reads the title and the abstract of a text and says how probable it is that the text is "
        f"*{positive}* rather than *{negative}*.\n\n"
        f"## Intended use\n\n"
        f"To show, by occlusion, which words and sentences move such a classifier. It is meant to be looked into, by "
        f"people who know the texts' field. It is not meant to decide about texts, their authors or their funding, "
        f"and its probabilities are not shares of anything outside records like those it was trained on."
    )


def _data(facts: CardFacts) -> str:
    negative, positive = (_cell(name) for name in facts.classes)
    rows = [f"| {part} | {a:,} | {b:,} | {a + b:,} |" for part, (a, b) in facts.parts.items()]
    left_out = f" {facts.unlabelled:,} records without a label were left out." if facts.unlabelled else ""
    limit = (
        f"Trained on those records alone whose {facts.limit}: of others it knows nothing, and no number here speaks of "
        f"them.\n\n"
        if facts.limit
        else ""
    )
    return (
        f"## Data\n\n{limit}"
        + "\n".join([f"| part | {negative} | {positive} | all |", "|---|--:|--:|--:|", *rows])
        + f"\n\nNo text is in two parts: records with the same title or the same abstract, capitals and marks aside, "
        f"are kept together.{left_out} The weights come from the training part, the moment to stop from the validation "
        f"part, the numbers below from the test part. The vocabulary comes from the training part alone, and so do "
        f"word vectors that were made here: the test part is held out of everything."
    )


def _network(facts: CardFacts) -> str:
    shape = facts.architecture
    ways = "read in both directions" if shape.directions == 2 else "read forwards"
    top = (
        f"A hidden layer of {shape.joint} units reads both and gives two logits; the model is not additive."
        if shape.joint
        else "One linear layer turns both into two logits, so that title and abstract add up in log-odds."
    )
    return (
        f"## Network and training\n\n"
        f"Two LSTMs, one for the abstract and one for the title, {shape.layers} layers of {shape.hidden} units, "
        f"{ways}, over word vectors of {shape.dimension} numbers; what counts is {_READOUTS[shape.readout]}. {top}\n\n"
        f"Vectors: {facts.vectors}. The vocabulary has {facts.vocabulary:,} words, each used at least "
        f"{facts.min_count} times in the training part; other words are skipped "
        f"({facts.test_unknown:.1%} of the words of the test part).\n\n"
        f"Trained for {facts.epochs} epochs, of which number {facts.best_epoch} was kept; both classes count the same "
        f"in the loss. {facts.prefix_share:.0%} of the examples were cut after a random word of title and abstract, so "
        f"that texts that break off are no strangers to it."
    )


def _performance(facts: CardFacts) -> str:
    rows = [
        f"| {_MEASURES[name]} | {number.value:.3f} | {number.low:.3f} to {number.high:.3f} |"
        for name, number in facts.metrics.items()
    ]
    return (
        "## How well it does on the test part\n\n"
        + "\n".join(["| measure | value | 95% interval |", "|---|--:|--:|", *rows])
        + "\n\nIntervals are bootstrapped over the test records. They do not cover another seed, other training "
        "records, or records from elsewhere."
    )


def _confounders(facts: CardFacts) -> str:
    listed = "\n".join(f"- {fact}" for fact in facts.confounders)
    return (
        f"## What could be confounded\n\n"
        f"Facts about the labelled records, all parts together. Where a class can be told by them, the model may have "
        f"learned them instead of what the texts say, and the test part, drawn from the same records, cannot show "
        f"it.\n\n{listed}"
    )


def _limits(facts: CardFacts) -> str:
    return (
        "## Limits\n\n"
        "- It has learned from the records above. On texts of other fields, years or languages it will do worse.\n"
        "- Words outside its vocabulary do not exist for it.\n"
        "- The classes weigh the same in training, whatever their share: where one is rarer, its probability is high.\n"
        "- A probability says how the model judges, not how well founded the judgement is."
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
