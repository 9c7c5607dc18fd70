"""A corpus in which every mark of the test occurs, small enough to be worked out by hand.

By the weights of `Bag`: each of the 24 papers of either class has one sentence, +2.25 and -2, that no sentence of the
other class equals, so p is 1 / (1 + null), and q passes. Eight papers of the negative class have a second sentence that
speaks for the other class, +.75; one paper of the positive class has a second of +.125, which those eight exceed, a
third of -1.25 that speaks against its label as far as the marked ones do, and a fourth that says nothing. All sentences
have five words, so there is one length bin. Papers without label have sentences stronger than all.
"""

from __future__ import annotations

import numpy as np

from sitegen.analysis.significance.evidence import Standing
from sitegen.config import Site
from sitegen.web.sentence_verdicts import Verdicts
from tests.analysis.effects import effects_of
from tests.classifiers import READ, Bag
from tests.web.papers import Paper, alone, controls, paper, scored, shared

CLASS = 24  # papers of each class
WRONG = 8  # papers of the negative class with a sentence that speaks for the positive one


def sentence(word: str, k: int) -> str:
    """Five words, of which the first alone has an effect, and no two of these sentences are nearly alike."""
    name = str(k).translate(str.maketrans("0123456789", "cdfghjklmn"))  # numbers would all count as one
    return f"{word} {' '.join(f'q{word[0]}{name}{end}'.lower() for end in 'prst')}."


def corpus(*, unlabelled: int = 1) -> list[Paper]:
    """48 labelled papers, the first of them with a sentence of each kind, then some without label, whose sentences
    are the strongest of all."""
    odd = [sentence(word, CLASS) for word in ("We", "Interview", "Nothing")]
    found = [paper("odd", "Good", sentence("Simulation", 0), *odd, label=1, facets={"subject": "odd"})]
    for k in range(1, CLASS):
        found.append(paper(f"one{k}", "Good", sentence("Simulation", k), label=1, facets={"subject": "one"}))
    for k in range(CLASS):
        wrong = [sentence("Network", k)] if k < WRONG else []
        found.append(paper(f"nil{k}", "Good", sentence("Bad", k), *wrong, label=0, facets={"subject": "nil"}))
    for k in range(unlabelled):
        strong = sentence("Simulation", 100 + k).replace(".", " good.")
        found.append(paper(f"open{k}", "Good", strong, facets={"subject": "open"}))
    return found


class Echo(Bag):
    """Hears an echo, +8 log-odds, in an abstract where "echo" stands beside another word that it knows: so a sentence
    with it, and one beside it, have large shares and say little alone."""

    def known(self, tokens):
        return super().known(tokens) | np.array([token == "echo" for token in tokens], dtype=bool)

    def parts(self, field, texts):
        heard = [8.0 * ("echo" in text and any(token in READ for token in text)) for text in texts]
        return super().parts(field, texts) + (np.array(heard) if field == "abstract" else 0.0)


def echoes(number: int, *, label: int | None = None) -> list[Paper]:
    """Papers with two sentences each, of shares 4 and 4.125 by Echo, that have no mark."""
    pairs = [(sentence("Echo", k), sentence("We", k)) for k in range(200, 200 + number)]
    return [paper(f"echo{k}", "Good", *pair, label=label, facets={"subject": "echo"}) for k, pair in enumerate(pairs)]


def judged(site: Site, papers: list[Paper], *, standing: dict[int, Standing] | None = None, members=()) -> Verdicts:
    """The verdicts of a corpus. standing: of some papers by number, the others are held out; members: what the shares
    are multiplied with to be those of a further checkpoint."""
    effects = effects_of(zip(scored(papers), alone(papers), shared(papers), strict=True))
    texts = [(item.record.abstract, a, b) for item in papers for a, b in item.document.abstract.sentence_spans.tolist()]
    return Verdicts.of(
        site,
        [item.record for item in papers],
        effects,
        sentences=[text[a:b] for text, a, b in texts],
        lengths=np.concatenate([np.diff(item.document.abstract.sentence_ends, prepend=0) for item in papers]),
        standing=[(standing or {}).get(k, Standing.HELD_OUT) for k in range(len(papers))],
        controls=controls(),
        members=[effects.share * factor for factor in members],
    )
