"""What a folder must have so that it can be read without running code and without the network.

`save_pretrained` of the library writes such a folder: config.json, the weights as safetensors, in one file or in
several with an index, and the files of the tokenizer. Nothing here imports the library: a folder is described where it
is not installed.

Refused is what would run code (weights in pickles, classes of the folder's own), and what is no whole classifier (an
encoder alone, an adapter without its model), since the library would fill the gaps with random numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from sitegen.errors import ModelError

CONFIG, WEIGHTS, INDEX = "config.json", "model.safetensors", "model.safetensors.index.json"
ADAPTER = "adapter_config.json"
TOKENIZER_CONFIG = "tokenizer_config.json"
TOKENIZER = (  # whatever of these is there: which of them are needed depends on the kind of tokenizer
    "tokenizer.json",
    TOKENIZER_CONFIG,
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "spiece.model",
    "spm.model",
    "sentencepiece.bpe.model",
    "tokenizer.model",
)
_VOCABULARIES = {*TOKENIZER} - {TOKENIZER_CONFIG, "special_tokens_map.json", "added_tokens.json", "merges.txt"}
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")
_SUFFIX = "ForSequenceClassification"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder that can be read. config: its config.json. files: those that answers depend on, config.json first."""

    path: Path
    config: Mapping[str, Any]
    files: tuple[Path, ...]

    @property
    def architecture(self) -> str:
        """The name of the model's kind, as its class is called: "DistilBert"."""
        (name, *_) = self.config.get("architectures") or [str(self.config.get("model_type", ""))]
        return str(name).removesuffix(_SUFFIX)

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of its classes in the order of its logits. Without names the library counts them; so does this."""
        named = self.config.get("id2label")
        if isinstance(named, Mapping) and named:
            return tuple(str(named[key]) for key in sorted(named, key=int))
        count = self.config.get("num_labels") or self.config.get("_num_labels") or 2
        return tuple(f"LABEL_{k}" for k in range(int(count)))

    @property
    def problem(self) -> str:
        """What it was trained for, in the library's word; "" where it does not say."""
        return str(self.config.get("problem_type") or "")


def read_folder(path: Path) -> Folder:
    """The folder at `path`; ModelError, with the remedy, where it is not what the module's docstring says."""
    if not path.is_dir():
        what = "is a file" if path.is_file() else "is not there"
        raise ModelError(
            f'{path}: {what}; this kind of model is a folder, as save_pretrained writes it. Correct "path" below '
            f"[[models]] in site.toml."
        )
    if (path / ADAPTER).is_file():
        raise ModelError(
            f"{path / ADAPTER}: the folder has an adapter, which is no model by itself. Merge it into its model, and "
            f"save that: model.merge_and_unload().save_pretrained(FOLDER)."
        )
    config = _read_json(path / CONFIG)
    _check_runs_nothing(path, config)
    _check_classifies(path, config)
    files = (path / CONFIG, *_weights(path), *_tokenizer(path))
    return Folder(path=path, config=config, files=files)


def _read_json(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(
            f"{file}: there is no such file. Name the folder that model.save_pretrained(FOLDER) wrote."
        ) from None
    except ValueError as error:
        raise ModelError(f"{file}: is not valid JSON ({error}). Save the model again.") from None
    if not isinstance(read, dict):
        raise ModelError(f"{file}: has no object at its top. Save the model again.")
    return read


def _check_runs_nothing(path: Path, config: Mapping[str, Any]) -> None:
    """Refuse classes that lie in the folder or on a server, and kernels that would be fetched from there."""
    tokenizer = path / TOKENIZER_CONFIG
    both = [(CONFIG, config), *([(TOKENIZER_CONFIG, _read_json(tokenizer))] if tokenizer.is_file() else [])]
    for name, read in both:
        if read.get("auto_map"):
            raise ModelError(
                f'{path / name}: "auto_map" names classes that the library does not have, so that to load this model '
                f"is to run code that came with it. sitegen never does. Use a model whose class the library has, or "
                f'give it by a Python file of yours (kind = "python").'
            )
    for key in ("attn_implementation", "_attn_implementation"):
        if "/" in str(config.get(key, "")):
            raise ModelError(
                f'{path / CONFIG}: "{key}": "{config[key]}" is code that would be fetched from the network. Remove '
                f"the key."
            )


def _check_classifies(path: Path, config: Mapping[str, Any]) -> None:
    """Refuse an encoder, or a model for something else: its weights have no classification in them."""
    named = config.get("architectures") or []
    if named and not any(str(one).endswith(_SUFFIX) for one in named):
        raise ModelError(
            f'{path / CONFIG}: "architectures": {", ".join(map(str, named))} is no classifier of texts. Train one on '
            f"it, and save that: AutoModelForSequenceClassification."
        )


def _weights(path: Path) -> list[Path]:
    """The files of the weights, the index first where there is one."""
    if (path / WEIGHTS).is_file():
        return [path / WEIGHTS]
    index = path / INDEX
    if index.is_file():
        shards = _read_json(index).get("weight_map")
        if not isinstance(shards, dict) or not shards:
            raise ModelError(f'{index}: "weight_map" is missing. Save the model again.')
        names = sorted({str(name) for name in shards.values()})
        for name in names:
            if PurePosixPath(name).name != name or "\\" in name:
                raise ModelError(f'{index}: names a file outside of its folder, "{name}". Save the model again.')
            if not (path / name).is_file():
                raise ModelError(f"{path / name}: there is no such file, though {INDEX} names it. Restore it.")
        return [index, *(path / name for name in names)]
    pickles = sorted(file.name for pattern in _PICKLES for file in path.glob(pattern))
    if pickles:
        raise ModelError(
            f"{path / pickles[0]}: to read these weights is to run what stands in them, and sitegen does not. Save "
            f"them as safetensors: load the model where you trust it, and model.save_pretrained(FOLDER) writes "
            f"{WEIGHTS}."
        )
    raise ModelError(f"{path / WEIGHTS}: there is no such file. Save the model again: model.save_pretrained(FOLDER).")


def _tokenizer(path: Path) -> list[Path]:
    found = [path / name for name in TOKENIZER if (path / name).is_file()]
    if not any(file.name in _VOCABULARIES for file in found):
        raise ModelError(
            f"{path}: has no tokenizer. Save it beside the model: tokenizer.save_pretrained(FOLDER) writes "
            f"{TOKENIZER[0]}."
        )
    return found
