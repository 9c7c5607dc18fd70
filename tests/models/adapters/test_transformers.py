"""A transformer in a folder answers what the library answers, in batches of whatever texts, from nothing but data."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.special import logsumexp

from sitegen.corpus.segment import Segmentation, segment
from sitegen.errors import ModelError
from sitegen.models.adapters.transformers import network
from sitegen.models.adapters.transformers.kind import TransformerTexts
from sitegen.models.protocol import ReadsUpTo, Text
from sitegen.models.registry import describe, load, load_randomised
from sitegen.models.source import Source
from tests.models.adapters.transformer_folders import bert, changed, logits, source
from tests.sites import NEGATIVE, POSITIVE, RECORDS

TEXTS = [(row["title"], row["abstract"]) for row in RECORDS] + [("", ""), ("Only a title", "")]
THREE = ("law", POSITIVE, "money")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two classes; no test changes it."""
    return bert(tmp_path_factory.mktemp("made") / "bert")


@pytest.fixture(scope="module")
def mild(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One whose numbers are of a usual size."""
    return bert(tmp_path_factory.mktemp("mild") / "bert", spread=0.2)


def loaded(given: Source, **options: object) -> TransformerTexts:
    classifier = load(given, **options)  # type: ignore[arg-type]
    assert isinstance(classifier, TransformerTexts)
    return classifier


def margins(given: Source, texts: Sequence[tuple[str, str]] = TEXTS, **options: object) -> np.ndarray:
    classifier = loaded(given, **options)
    return classifier._model.margins([Text(title=title, abstract=abstract) for title, abstract in texts])


@pytest.mark.parametrize("join", [None, " ", " [SEP] ", ". "])
def test_it_answers_what_the_library_answers(folder: Path, mild: Path, join: str | None) -> None:
    for made, precision, most in ((folder, "float64", 1e-9), (mild, "float32", 1e-5)):
        expected = logits(made, TEXTS, join=join)
        found = margins(source(made, join=join), precision=precision)
        np.testing.assert_allclose(found, expected[:, 1] - expected[:, 0], atol=most)
        assert np.ptp(found) > 0.05


@pytest.mark.parametrize(
    ("labels", "problem", "rest", "wanted"),
    [
        ((POSITIVE, NEGATIVE), None, False, lambda x: x[:, 0] - x[:, 1]),
        (("yes", POSITIVE.upper()), None, False, lambda x: x[:, 1] - x[:, 0]),
        ((NEGATIVE, "yes"), None, False, lambda x: x[:, 1] - x[:, 0]),
        (("yes", NEGATIVE), None, True, lambda x: x[:, 0] - x[:, 1]),
        ((POSITIVE,), "multi_label_classification", False, lambda x: x[:, 0]),
        (("LABEL_0",), None, False, lambda x: x[:, 0]),
        ((NEGATIVE,), None, False, lambda x: -x[:, 0]),
        (THREE, "single_label_classification", True, lambda x: x[:, 1] - logsumexp(x[:, [0, 2]], axis=1)),
        (THREE, "multi_label_classification", False, lambda x: x[:, 1]),
        ((NEGATIVE, POSITIVE), "multi_label_classification", False, lambda x: x[:, 1]),
    ],
)
def test_logits_become_log_odds(tmp_path: Path, labels: tuple[str, ...], problem: str, rest: bool, wanted) -> None:
    made = bert(tmp_path / "bert", labels, problem=problem)
    found = margins(source(made, rest=rest), precision="float64")
    np.testing.assert_allclose(found, wanted(logits(made, TEXTS)), atol=1e-9)


def test_log_odds_against_the_rest_are_those_of_the_softmax(tmp_path: Path) -> None:
    made = bert(tmp_path / "bert", THREE)
    found = margins(source(made, rest=True), precision="float64")
    chances = torch.softmax(torch.tensor(logits(made, TEXTS)), dim=1)[:, 1].numpy()
    np.testing.assert_allclose(1 / (1 + np.exp(-found)), chances, atol=1e-12)


@pytest.mark.parametrize(
    ("labels", "notes"),
    [
        ((NEGATIVE, POSITIVE), []),
        (("LABEL_0", "LABEL_1"), []),
        (("tofu", "kale"), [f"The model calls its classes “tofu” and “kale”. The second is taken for “{POSITIVE}”."]),
    ],
)
def test_a_positive_class_that_is_guessed_is_said(tmp_path: Path, labels: tuple[str, ...], notes: list[str]) -> None:
    given = source(bert(tmp_path / "bert", labels))
    assert list(describe(given).notes) == list(loaded(given).notes) == notes


def test_a_number_that_may_be_no_log_odds_is_said(tmp_path: Path) -> None:
    (note,) = describe(source(bert(tmp_path / "bert", ("LABEL_0",), problem=None))).notes
    assert "does not say how it was trained" in note


@pytest.mark.parametrize(
    ("labels", "problem", "rest", "said"),
    [
        (THREE, None, False, r"tells 3 classes apart \(law, computational, money\).*\[classes\].*rest = true"),
        (("law", "art", "money"), None, True, r'none of the model\'s classes is called "computational" \(law, art'),
        (("law", "art"), "multi_label_classification", False, "give positive the name of one of them"),
        (("LABEL_0",), "regression", False, r'"problem_type".*no log-odds of a class.*kind = "python"'),
    ],
)
def test_what_cannot_be_log_odds_of_the_class_is_refused(
    tmp_path: Path, labels: tuple[str, ...], problem: str, rest: bool, said: str
) -> None:
    made = bert(tmp_path / "bert", labels, problem=problem)
    with pytest.raises(ModelError, match=said):
        describe(source(made, rest=rest))


def test_what_stands_beside_a_text_changes_nothing(mild: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = source(mild)
    alone = np.concatenate([margins(given, [text]) for text in TEXTS])
    order = np.random.default_rng(0).permutation(len(TEXTS))
    np.testing.assert_allclose(margins(given), alone, atol=1e-5)
    np.testing.assert_allclose(margins(given, [TEXTS[k] for k in order]), alone[order], atol=1e-5)
    monkeypatch.setattr(network, "BUDGET", {"cpu": 300})
    np.testing.assert_allclose(margins(given), alone, atol=1e-5)


def test_equal_texts_are_read_once_and_so_are_those_that_differ_behind_the_cut(
    mild: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    tensors = network.Pad.tensors

    def counted(self, inputs, **options):
        sizes.append(len(inputs))
        return tensors(self, inputs, **options)

    monkeypatch.setattr(network.Pad, "tensors", counted)
    texts = [("a", "c d e"), ("a", "c d e"), ("a", "c d e f"), ("a", "c d e f g")]
    found = margins(source(mild, pieces=8), texts)
    assert sum(sizes) == 2
    assert found[0] == found[1]
    assert found[2] == found[3]


def test_batches_have_about_as_many_pieces() -> None:
    lengths = [5, 100, 7, 6, 90, 300]
    assert list(network.batches(lengths, 200)) == [[0, 3, 2], [4, 1], [5]]
    assert list(network.batches(lengths, 1)) == [[0], [3], [2], [4], [1], [5]]
    assert list(network.batches([], 10)) == []


def test_a_network_without_a_piece_to_pad_with_reads_texts_one_by_one(mild: Path, tmp_path: Path) -> None:
    made = changed(Path(shutil.copytree(mild, tmp_path / "bert")), pad_token_id=None)
    changed(made, "tokenizer_config.json", pad_token=None)
    assert network.Pad(loaded(source(made))._transformer._pieces._tokenizer, None).budget("cpu") == 1
    np.testing.assert_allclose(margins(source(made)), margins(source(mild)), atol=1e-5)


def test_a_pair_without_a_title_keeps_the_place_of_the_abstract(folder: Path) -> None:
    pieces = loaded(source(folder))._transformer._pieces
    with_title, without = pieces.encode([Text(title="a", abstract="we read"), Text(title="", abstract="we read")])
    assert with_title.types == (0, 0, 0, 1, 1, 1)
    assert without.types == (0, 0, 1, 1, 1)
    assert with_title.ids[3:] == without.ids[2:]
    joined = loaded(source(folder, join=" "))._transformer._pieces
    alone, plain = joined.encode([Text(title="", abstract="we read"), Text(title="we read", abstract="")])
    assert alone == plain


def test_what_is_hidden_are_words_and_the_rest_reads_well(mild: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sitegen.analysis.attribution.masking import masked_margins

    given: list[Text] = []
    classifier = loaded(source(mild))
    encode = classifier._transformer._pieces.encode
    monkeypatch.setattr(classifier._transformer._pieces, "encode", lambda texts: given.extend(texts) or encode(texts))
    document = segment("Simulated crowds", "Averylongword, it stands (here). All agents agree.", Segmentation())
    without = ~np.eye(len(document.abstract.tokens), dtype=bool)
    masked_margins([document], classifier, [(None, without)])
    assert [text.abstract for text in given] == [
        ", it stands (here). All agents agree.",
        "Averylongword, stands (here). All agents agree.",
        "Averylongword, it (here). All agents agree.",
        "Averylongword, it stands (). All agents agree.",
        "Averylongword, it stands (here). agents agree.",
        "Averylongword, it stands (here). All agree.",
        "Averylongword, it stands (here). All agents.",
    ]
    assert {text.title for text in given} == {"Simulated crowds"}


@pytest.mark.parametrize("join", [None, " "])
@pytest.mark.parametrize("side", ["right", "left"])
def test_it_tells_what_it_reads_of_a_long_text(folder: Path, tmp_path: Path, join: str | None, side: str) -> None:
    made = changed(Path(shutil.copytree(folder, tmp_path / "bert")), "tokenizer_config.json", truncation_side=side)
    classifier = loaded(source(made, join=join, pieces=9))
    assert isinstance(classifier, ReadsUpTo)
    assert classifier.limit == "9 pieces of words"
    abstract = "a b c d e f g h i j k"
    texts = [Text(title="l m", abstract=abstract), Text(title="l m", abstract="a b"), Text(title="", abstract=abstract)]
    long, short, untitled = classifier.read_spans(texts).tolist()
    kept = {None: 4, " ": 5}[join]
    assert short == [[0, 3], [0, 3]]
    if side == "right":
        assert long == [[0, 3], [0, 2 * kept - 1]]
        assert untitled == [[0, 0], [0, 2 * (kept + 2) - 1]]
    elif join is None:
        assert long == [[0, 3], [len(abstract) + 1 - 2 * kept, len(abstract)]]
    else:
        assert long == [[0, 0], [len(abstract) + 1 - 2 * 7, len(abstract)]]


@pytest.mark.parametrize("join", [None, " "])
def test_what_it_tells_is_what_changes_the_answer(mild: Path, join: str | None) -> None:
    given = source(mild, join=join, pieces=24)
    classifier = loaded(given)
    for title, abstract in TEXTS:
        (((_, last), (_, end)),) = classifier.read_spans([Text(title=title, abstract=abstract)]).tolist()
        read = (title[:last], abstract[:end])
        whole, cut, less = margins(given, [(title, abstract), read, (read[0], read[1][:-1])])
        assert whole == pytest.approx(cut, abs=1e-5)
        assert end in (0, len(abstract)) or abs(less - cut) > 1e-5


def test_texts_are_cut_as_in_training(folder: Path) -> None:
    long = [(title, abstract * 9) for title, abstract in TEXTS]
    for options in ({}, {"max_length": 40}):
        expected = logits(folder, long, **options)
        found = margins(source(folder, pieces=options.get("max_length")), long, precision="float64")
        np.testing.assert_allclose(found, expected[:, 1] - expected[:, 0], atol=1e-9)


@pytest.mark.parametrize(
    ("pieces", "said"), [(513, "pieces = 513 .* has places for 512 only"), (3, "reads 3 pieces at a time, and 3")]
)
def test_a_number_of_pieces_that_cannot_be_is_refused(folder: Path, pieces: int, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        load(source(folder, pieces=pieces))


def test_random_weights_are_the_seeds_alone_and_all_new(folder: Path) -> None:
    def random(seed: int) -> np.ndarray:
        classifier = load_randomised(source(folder), seed=seed, precision="float64")
        return classifier._model.margins([Text(title=title, abstract=abstract) for title, abstract in TEXTS])

    torch.manual_seed(1)
    before = torch.random.get_rng_state()
    first = random(5)
    assert torch.equal(torch.random.get_rng_state(), before)
    np.testing.assert_array_equal(first, random(5))
    assert np.abs(first - random(6)).min() > 1e-6
    assert np.abs(first - margins(source(folder), precision="float64")).min() > 1e-6
    same = loaded(source(folder))
    drawn = load_randomised(source(folder), seed=5)
    for (name, a), (_, b) in zip(
        same._transformer._model.named_parameters(), drawn._transformer._model.named_parameters(), strict=True
    ):
        assert "bias" in name or "LayerNorm" in name or not torch.equal(a, b), name


def test_a_lower_precision_answers_about_the_same(mild: Path) -> None:
    assert np.abs(margins(source(mild), precision="bfloat16") - margins(source(mild))).max() < 0.1


def test_shards_are_all_hashed(tmp_path: Path) -> None:
    made = bert(tmp_path / "bert", shard="10KB")
    names = set(describe(source(made)).files)
    assert "bert/model.safetensors.index.json" in names
    assert sum(name.endswith(".safetensors") for name in names) > 1
    expected = logits(made, TEXTS[:2])
    np.testing.assert_allclose(margins(source(made), TEXTS[:2], precision="float64"), expected[:, 1] - expected[:, 0])


def test_whatever_answers_depend_on_is_in_the_fingerprint(folder: Path, tmp_path: Path) -> None:
    made = Path(shutil.copytree(folder, tmp_path / "bert"))
    first = describe(source(made)).fingerprint
    others = [
        describe(source(made, **options)).fingerprint
        for options in ({"join": " "}, {"pieces": 100}, {"classes": (POSITIVE, NEGATIVE)}, {"rest": True})
    ]
    assert describe(source(made, device="cuda")).fingerprint == first
    for file in sorted(made.iterdir()):
        file.write_bytes(file.read_bytes() + (b"\n" if file.suffix == ".json" else b" "))
        others.append(describe(source(made)).fingerprint)
    assert len({first, *others}) == 1 + len(others)


def test_it_says_what_it_is(folder: Path) -> None:
    manifest, classifier = describe(source(folder)), loaded(source(folder, join=" [SEP] ", pieces=64))
    assert manifest.softmax
    assert manifest.limited
    assert manifest.reads == "texts"
    assert manifest.size == "a transformer for sequence classification, Bert"
    facts = {name: value for name, value, _ in classifier.facts}
    assert facts["Its input"] == "title and abstract as one text, with “ [SEP] ” between them"
    assert facts["Reads at most"] == "64 pieces of words"
    assert facts["Size"] == "14,378 parameters"
    assert f"minus that of “{NEGATIVE}”" in facts["Its answer"]
    assert ("Its input", "title and abstract as a pair of texts", "") in manifest.facts


WITHOUT = """
import sys
from pathlib import Path
for name in ("torch", "transformers", "tokenizers"):
    sys.modules[name] = None
from sitegen.models.registry import describe
from sitegen.models.source import Source
print(describe(Source(kind="transformers", path=Path(sys.argv[1]))).fingerprint)
"""


def test_to_describe_it_no_heavy_library_is_imported(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(folder)], capture_output=True, text=True, check=True, timeout=120
    )
    assert len(done.stdout.strip()) == 64


LOADING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import no_sockets
from sitegen.models.registry import load
from sitegen.models.source import Source
load(Source(kind="transformers", path=Path(sys.argv[1])))
"""


def test_nothing_is_fetched_and_nothing_is_printed(folder: Path, tmp_path: Path) -> None:
    elsewhere, log = Path(__file__).parents[2] / "pipeline" / "elsewhere", tmp_path / "log"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "TRANSFORMERS_"))}
    done = subprocess.run(
        [sys.executable, "-c", LOADING, folder, elsewhere],
        capture_output=True,
        text=True,
        env={**environment, "SOCKETS_TRIED": str(log)},
        timeout=120,
        check=True,
    )
    assert not log.exists(), log.read_text()
    assert (done.stdout, done.stderr) == ("", "")
