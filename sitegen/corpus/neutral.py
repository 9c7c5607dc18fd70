"""Neutral sentences: what stands in abstracts of every field and says nothing of either class.

They are read alone by every model (analysis/significance/negative_control.py) and planted into abstracts
(analysis/faithfulness), to see whether a measure or a test takes emptiness for evidence. Each is of the kind that
publishers, editors and careful authors add; none names a method, a material or a subject. Still, a word may belong to
one of a site's classes: a site whose classes are about revisions or funding names a list of its own
(`significance.neutral` in site.toml, one sentence a line).

A language is added as one entry of NEUTRAL, of at least LEAST sentences.
"""

from __future__ import annotations

from pathlib import Path

from sitegen.errors import ConfigError

LEAST = 30

NEUTRAL: dict[str, tuple[str, ...]] = {
    "en": (
        "All rights reserved.",
        "The remainder of this article is organised as follows.",
        "We thank the reviewers for their comments.",
        "The paper is structured in five sections.",
        "Limitations are discussed at the end.",
        "The authors declare no conflict of interest.",
        "An earlier version of this paper was presented at a conference.",
        "Further details are given in the appendix.",
        "Directions for future research are outlined.",
        "This is the second of two articles on the subject.",
        "The article is part of a special issue.",
        "Supplementary material is available from the authors on request.",
        "The first section gives an overview of earlier work.",
        "Section 2 describes the background of the study.",
        "We conclude with some general remarks.",
        "The last section summarises the main points.",
        "Funding was provided by a national research council.",
        "The study was approved by the ethics committee of the university.",
        "A short summary is given at the end of each section.",
        "The usual disclaimer applies.",
        "Some open questions are mentioned in the final section.",
        "Both authors contributed equally to this work.",
        "Earlier articles of the series are listed on the last page.",
        "Copyright is held by the author.",
        "The tables and figures are placed at the end of the article.",
        "A list of abbreviations is given on the first page.",
        "This work was carried out while the first author was on leave.",
        "The views expressed here are those of the authors alone.",
        "A correction to this article was published in the following year.",
        "The findings are presented in the third section.",
    ),
}
"""By the language's code, without its region."""


def neutral_sentences(language: str, file: Path | None = None) -> tuple[str, ...]:
    """The neutral sentences of a site: those of `file`, one a line, else those of its language; none where that has
    none. language: a tag such as "en-GB". Raises ConfigError where the file cannot be read or has too few.
    """
    if file is None:
        return NEUTRAL.get(language.split("-")[0].lower(), ())
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(f"{file}: cannot be read ({why}). Write one neutral sentence a line, as UTF-8.") from None
    sentences = tuple(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))
    if len(sentences) < LEAST:
        raise ConfigError(
            f"{file}: {len(sentences)} different sentences; at least {LEAST} are needed, one a line. Add some that say "
            f"nothing of either class."
        )
    return sentences
