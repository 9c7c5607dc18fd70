"""The page on which readers try the models on texts of their own: they run in the page, and answer while one writes.

All numbers are made in the page, by scripts: the models (templates/assets/live-*.js), the words and sentences
(live-text.js), and out of both the data of a record's figure (try-figure.js). So the page shows what the page of a
record shows, by the same partials and scripts. From Python it gets what these cannot know: the classes, the limits, the
sizes from which a word is named on the curve, and the tables that texts are cut by (corpus/cutting.py).

Measured with the demo's model in Chromium on two busy cores, from the last key on, with the pause of 0.15 s: the answer
after 0.16 s for 150 words and 0.24 s for 1,900; all of the figure after 0.7 s for 150 words, 1.2 s for 390; by
sentences alone, after 7.7 s for 1,900. A text of 100,000 words is counted, and refused, in 0.05 s. Nothing of it blocks
the page for longer than 0.13 s, since the model runs in a worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from sitegen.analysis.attribution.baselines import DELETED
from sitegen.analysis.attribution.depth import ALL, Depth, reaches
from sitegen.config import Classes, Site
from sitegen.corpus.cutting import cutting_tables
from sitegen.corpus.values import limit_text
from sitegen.web import routes
from sitegen.web.inputs import LiveInputs, Rounding, SiteInputs
from sitegen.web.layout import Frame, Frames, Page, ScriptValue
from sitegen.web.pages.example import chosen
from sitegen.web.pages.record import turns
from sitegen.web.pages.record.answer import CLOSE, Answer
from sitegen.web.pages.record.heatmap import About, Heatmap
from sitegen.web.pages.record.models import place_of
from sitegen.web.pages.record.path import NOTHING, Path, PathStep
from sitegen.web.pages.record.sentences import HARDLY
from sitegen.web.scan import Scan
from sitegen.web.summary import RecordSummary
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import UNKNOWN, exact_percent

HEADING = "Try your own"
WORDS, CHARACTERS = 2000, 20_000  # of both texts together, that the page reads at most
BY_WORDS = 400  # words up to which the figure goes by words, else by sentences
SHARED = 40  # sentences up to which their shares are asked for
LISTED = 500  # records in the list of those to start from
NAME = "NAME"  # stands for a record's name in the pattern of its address
PAUSE = 150  # milliseconds without a key, after which the model is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One of the models that readers try."""

    key: str  # by which the address names it: as on the records' pages (templates/assets/models.js)
    name: str
    size: str  # of its script
    rounding: str  # how far its answers here are from those of the site's other pages, in a sentence
    scope: str  # to which records it is limited, in a sentence; "" where to none


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A record that an empty page offers to start from."""

    record: str  # the name of its files
    text: str  # its title, or what stands for that
    kind: str  # why it is offered: "a clear case of “computational”"


@dataclass(frozen=True, slots=True, kw_only=True)
class TryPage(Page):
    """The page."""

    template: ClassVar[str] = "try.html"
    models: tuple[Tried, ...]  # in the site's order; the first is asked until readers choose another
    absent: Mapping[str, str]  # by the name of each model that cannot be tried: why, in a sentence
    answer: Answer  # of no text yet, in the places that scripts fill
    story: tuple[str, ...]
    path: Path
    heatmap: Heatmap  # likewise
    settings: dict[str, Any]  # what the scripts need to know (templates/assets/try.js)
    what: str  # what readers write: "a title and an abstract"
    removed: str  # what becomes of what is taken out, to follow "it is"
    starts: tuple[Start, ...]  # none where readers cannot start from a record
    words: int  # the limit
    by_words: int  # that of the figure by words
    shared: int  # sentences up to which there are shares
    by_shares: bool  # whether the colours of the records' pages go by shares


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[TryPage]:
    """The one page, where the site has a model for it."""
    if inputs.live is None:
        return
    site, summaries = inputs.site, scan.summaries
    first = chosen(summaries, inputs.standing[inputs.first])
    whole = bool(summaries) and site.records.publish == "all"
    yield try_page(
        site,
        frames("try", HEADING, description=_description(site)),
        inputs.live,
        absent=inputs.no_live,
        start=summaries[first or 0].name if whole else "",
        starts=starts(summaries, site.classes) if whole else (),
        depth=inputs.plan.depth,
    )


def try_page(
    site: Site,
    frame: Frame,
    live: Sequence[LiveInputs],
    *,
    start: str,
    starts: tuple[Start, ...] = (),
    absent: Mapping[str, str] = MappingProxyType({}),
    depth: Depth = ALL,
) -> TryPage:
    """The page of a site. start: the name of the record whose text stands there at first; "" where there is none.
    depth: how much the site's first model was asked of the records."""
    nouns = frame.nouns
    models = tuple(_tried(site, one, nouns=nouns) for one in live)
    tables = {"sentences": cutting_tables("nupunkt")}
    return TryPage(
        frame=frame,
        models=models,
        absent=absent,
        answer=Answer(
            predicted="", positive=True, percent=UNKNOWN, percent_of="", label="", label_number="", right=None
        ),
        story=("",),
        path=_path(site, nouns),
        heatmap=_heatmap(site, models[0].name, nouns),
        settings={
            **_settings(site, frame, start=start),
            "models": [
                {"key": model.key, "name": model.name, "script": frame.asset(one.asset), "value": one.value}
                for model, one in zip(models, live, strict=True)
            ],
        },
        what=f"a title and {nouns.a_text}" if nouns.titled else nouns.a_text,
        removed=DELETED.wording,
        starts=starts,
        words=WORDS,
        by_words=BY_WORDS,
        shared=SHARED,
        by_shares=site.occlusion.shapley != "off" and reaches(depth, "shares"),
        values=(ScriptValue(asset=routes.LIVE_TABLES, name="liveTables", value=tables),),
    )


def starts(summaries: Sequence[RecordSummary], classes: Classes) -> tuple[Start, ...]:
    """Records to start from, at most three: one that is clearly of each class, and the one that is least clear."""
    by_answer = sorted(summaries, key=lambda one: one.probability)
    lowest, highest = by_answer[0], by_answer[-1]
    least = min(summaries, key=lambda one: abs(one.probability - classes.threshold))
    close = abs(least.probability - classes.threshold) < CLOSE
    offered = [
        (highest, f"a clear case of “{classes.positive}”", highest.probability >= classes.threshold + CLOSE),
        (lowest, f"a clear case of “{classes.negative}”", lowest.probability <= classes.threshold - CLOSE),
        (least, "a close call" if close else "the least clear one here", least not in (highest, lowest) or close),
    ]
    return tuple(Start(record=one.name, text=one.title, kind=kind) for one, kind, fits in offered if fits)


def _tried(site: Site, live: LiveInputs, *, nouns: Nouns) -> Tried:
    model, size = site.models[live.number], len(live.script)
    scope = (
        f"On this site {model.name} reads only the {nouns.many} whose {limit_text(model.only)}. To any other text it "
        "gives a number, too, which may mean little."
    )
    return Tried(
        key=place_of(model.name) if live.number else "first",
        name=model.name,
        size=f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB",
        rounding=rounding_line(live.rounding, nouns=nouns),
        scope=scope if model.only else "",
    )


def rounding_line(rounding: Rounding, *, nouns: Nouns, here: str = "here") -> str:
    """What it costs that the page's numbers are rounded, in one sentence. here: how the page is called."""
    if rounding.exact:
        return (
            f"These are the model's own numbers, unrounded: the answers {here} are those of the {nouns.of_many} pages."
        )
    return (
        f"{rounding.cause}: over the {nouns.count(rounding.records)} of this site the "
        f"answer {here} is at most {_points(rounding.largest)} from the one on the {nouns.one}'s page, and half of "
        f"them are within {_points(rounding.median)}."
    )


def _points(value: float) -> str:
    """A difference in points, upwards: no limit is told too small."""
    for digits in (1, 2, 3):
        steps = 10**digits
        if value * steps >= 1:
            break
    told = -(-value * steps // 1) / steps
    return f"{told:g} point{'' if told == 1 else 's'}" if told else "0.001 points"


def _description(site: Site) -> str:
    text = Nouns.of(site).a_text
    return f"Write {text} of your own and see, as you write, what the model makes of it. Nothing leaves your machine."


def _path(site: Site, nouns: Nouns) -> Path:
    """A path with the steps that scripts fill in."""
    steps = ((("title", "title"),) if nouns.titled else ()) + (("abstract", nouns.text),)
    return Path(
        start=UNKNOWN,
        read=NOTHING,
        steps=tuple(
            PathStep(field=f, name=n, change="", left=0.5, width=0.0, rising=True, still=False) for f, n in steps
        ),
        place=0.5,
        threshold=site.classes.threshold,
    )


def _heatmap(site: Site, model: str, nouns: Nouns) -> Heatmap:
    """A figure without data."""
    read = f"title and {nouns.text} are" if nouns.titled else f"{nouns.text} is"
    return Heatmap(
        model=model,
        data={},
        negative=site.classes.negative,
        positive=site.classes.positive,
        description=f"Probability of “{site.classes.positive}” as your {read} read.",
        figure="",
        figure_alt="",
        steps=(),
        by_words=True,
    )


def _settings(site: Site, frame: Frame, *, start: str) -> dict[str, Any]:
    """What the page's scripts need to know; its names are explained in templates/assets/try.js."""
    classes, nouns = site.classes, frame.nouns
    about = About(
        site=site.title,
        address="",
        record=f"a {nouns.text} of your own",
        name=f"my-{nouns.text}",
        label=None,
        version=frame.version,
    )
    return {
        "classes": list(classes.names),
        "threshold": classes.threshold,
        "thresholdText": "" if classes.threshold == 0.5 else exact_percent(classes.threshold),
        "titled": nouns.titled,
        "text": nouns.text,
        "rows": frame.asset("index.js"),
        "texts": frame.asset(routes.TEXTS),
        "record": frame.link("record", NAME).split(NAME),
        "start": start,
        "limits": {
            "words": WORDS,
            "characters": CHARACTERS,
            "byWords": BY_WORDS,
            "shared": SHARED,
            "listed": LISTED,
            "pause": PAUSE,
        },
        "turns": {"most": turns.MOST, "crossing": turns.CROSSING, "large": turns.LARGE},
        "close": CLOSE,
        "hardly": HARDLY,
        "about": asdict(about),
    }
