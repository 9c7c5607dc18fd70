"""The network of a transformer: opened from its folder without code and without requests, and asked in batches.

Texts that come out as the same pieces are read once: many that analysis asks about differ only behind the place where
the model stops. The others are sorted by their number of pieces and read in batches of about as many pieces, padding
included, so that little is spent on padding. Padding is masked, and changes an answer by rounding alone.

`network()` opens one with its weights, or with such as it had before it learned anything: then all weights are drawn
anew, as the library draws them, from a seed.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from jaxtyping import Float64, Int

from sitegen.corpus.arrays import Array
from sitegen.errors import ModelError
from sitegen.models.adapters.contract import foreign
from sitegen.models.adapters.transformers.answers import Answer
from sitegen.models.adapters.transformers.folder import WEIGHTS, Folder
from sitegen.models.adapters.transformers.pieces import Input, Pieces, limit_of
from sitegen.models.protocol import Precision, Text
from sitegen.version import how_to_install

BUDGET = {"cpu": 1 << 11, "cuda": 1 << 16}  # pieces in a batch, with padding
EXTRA = "transformers"  # of sitegen


class Transformer:
    """A TextClassifier that asks a network."""

    def __init__(self, model: Any, pieces: Pieces, answer: Answer, *, pad: Pad, device: str, name: str) -> None:
        self._model, self._pieces, self._answer, self._pad = model, pieces, answer, pad
        self._device, self._name = device, name

    @property
    def limit(self) -> int | None:
        """How many pieces a text may have; None where any number."""
        return self._pieces.limit

    @property
    def parameters(self) -> int:
        """How many numbers it has learned."""
        return sum(parameter.numel() for parameter in self._model.parameters())

    def margins(self, texts: Sequence[Text]) -> Float64[np.ndarray, " n"]:
        """The margin of each text, in log-odds; ModelError where the network fails."""
        with foreign(self._name):
            inputs = self._pieces.encode(texts)
            distinct = list(dict.fromkeys(inputs))
            margins = self._answer.margins(self._logits(distinct))
        number = {one: k for k, one in enumerate(distinct)}
        of_each: Array = margins[[number[one] for one in inputs]] if inputs else np.zeros(0)
        return of_each

    def read_spans(self, texts: Sequence[Text]) -> Int[np.ndarray, "n 2 2"]:
        """What is read of each text, see protocol.ReadsUpTo."""
        with foreign(self._name):
            return self._pieces.spans(texts)

    def _logits(self, inputs: Sequence[Input]) -> Float64[np.ndarray, "n C"]:
        """The logits of each input, (n, C), in the inputs' order."""
        import torch

        logits: Array = np.zeros((len(inputs), len(self._answer.labels)))
        with torch.inference_mode():
            for batch in batches([len(one) for one in inputs], self._pad.budget(self._device)):
                given = self._pad.tensors([inputs[k] for k in batch], device=self._device)
                logits[batch] = self._model(**given).logits.double().cpu().numpy()
        return logits


class Pad:
    """Makes texts of different lengths one batch. number: the piece that fills up; None where the network knows none:
    then texts are read one by one."""

    def __init__(self, tokenizer: Any, number: int | None) -> None:
        self._number, self._type = number, int(getattr(tokenizer, "pad_token_type_id", 0) or 0)
        self._left = tokenizer.padding_side == "left"

    def budget(self, device: str) -> int:
        """How many pieces a batch may have."""
        return 1 if self._number is None else BUDGET[device.partition(":")[0]]

    def tensors(self, inputs: Sequence[Input], *, device: str) -> dict[str, Any]:
        """What the network is given of them."""
        import torch

        shape = (len(inputs), max(map(len, inputs)))
        ids: Array = np.full(shape, self._number or 0, dtype=np.int64)
        types: Array = np.full(shape, self._type, dtype=np.int64)
        mask: Array = np.zeros(shape, dtype=np.int64)
        for row, one in enumerate(inputs):
            place = slice(shape[1] - len(one), None) if self._left else slice(0, len(one))
            ids[row, place], mask[row, place] = one.ids, 1
            if one.types is not None:
                types[row, place] = one.types
        arrays = {"input_ids": ids, "attention_mask": mask}
        if inputs[0].types is not None:
            arrays["token_type_ids"] = types
        return {name: torch.from_numpy(array).to(device) for name, array in arrays.items()}


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """The numbers of texts that are read together, the shortest first: as many as have `budget` pieces together when
    each is as long as the longest of them, and at least one."""
    batch: list[int] = []
    for k in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and lengths[k] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(k)
    if batch:
        yield batch


def network(
    folder: Folder,
    answer: Answer,
    *,
    join: str | None,
    pieces: int | None,
    precision: Precision,
    device: str,
    seed: int | None = None,
) -> tuple[Transformer, Any]:
    """The network, ready to be asked, and its tokenizer. seed: of the weights that stand for its own; None: its own.

    ModelError where the library is missing or refuses, and where the folder lacks weights that the network has.
    """
    name = str(folder.path)
    try:
        import torch
        import transformers
    except ImportError:
        raise ModelError(
            f"{name}: needs transformers, which is not installed. Install it: {how_to_install(EXTRA)}."
        ) from None
    at_hand = {"local_files_only": True, "trust_remote_code": False}
    dtype = {"float32": torch.float32, "float64": torch.float64, "bfloat16": torch.bfloat16}[precision]
    with foreign(name), _silence(transformers):
        config = transformers.AutoConfig.from_pretrained(folder.path, **at_hand)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder.path, config=config, **at_hand)
        classes = transformers.AutoModelForSequenceClassification
        if seed is None:
            model, told = classes.from_pretrained(
                folder.path, config=config, dtype=dtype, use_safetensors=True, output_loading_info=True, **at_hand
            )
            _check_whole(folder, told)
        else:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(seed)
                model = classes.from_config(config, dtype=torch.float32, trust_remote_code=False).to(dtype)
        model = model.eval().to(device)
    limit = limit_of(tokenizer, _places(model), asked=pieces, name=name)
    cut = Pieces(tokenizer, limit=limit, join=join, name=name)
    pad = Pad(tokenizer, None if tokenizer.pad_token_id is None else model.config.get_text_config().pad_token_id)
    return Transformer(model, cut, answer, pad=pad, device=device, name=name), tokenizer


def _check_whole(folder: Folder, told: Any) -> None:
    """Raise ModelError where weights are missing, which the library would draw at random."""
    missing = sorted(told.get("missing_keys", ()))
    if missing:
        shown = ", ".join(missing[:3]) + (" ..." if len(missing) > 3 else "")
        raise ModelError(
            f"{folder.path / WEIGHTS}: lacks weights of the model that {folder.path.name}/config.json describes "
            f"({shown}); random numbers would stand for them. Save the classifier as it was trained."
        )


def _places(model: Any) -> int | None:
    """How many pieces the network has places for; None where it is not bound to a number.

    Those that count places from behind the number of their padding piece, as RoBERTa does, have as many less.
    """
    places = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    if not places or places < 0:
        return None
    for part, module in model.named_modules():
        if part.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None:
            return int(places) - int(module.padding_idx) - 1
    return int(places)


@contextmanager
def _silence(transformers: Any) -> Iterator[None]:
    """No progress bars and no advice of the library's while a folder is opened: what matters is said by sitegen."""
    logging = transformers.utils.logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
