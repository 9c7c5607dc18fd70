"""How a two-tower LSTM answers, written so exactly that a stranger can write a program that answers the same.

The page on the format of the data shows this text, and recompute.py.txt is such a program: it needs nothing of sitegen
and is published as it is, beside the data of a site whose model is published. Loads no torch.
"""

from __future__ import annotations

from pathlib import Path

from sitegen.models.lstm.architecture import ABSTRACT_TOWER, TITLE_TOWER, Architecture

_FILES = """\
# Its files

`weights.safetensors` holds the network's numbers. Its first 8 bytes say how long its header is (an unsigned integer \
of 64 bits, little-endian); the header, that many bytes, is a JSON object: each tensor's name, and with it its \
`dtype`, its `shape`, and `data_offsets`, where its bytes begin and end, counted from the end of the header. (A key \
`__metadata__`, where there is one, is no tensor.) The numbers are `F32`: float32, little-endian, row after row.

`vectors.npy` is a matrix in NumPy's own format, one row a word, {vocabulary:,} rows of {dimension} numbers; its \
header says float16 or float32. They are used as float32.

`words.txt` names the rows: line 1 is the word of row 0. It is UTF-8, each line ends with one line feed, the last one \
too, and nothing else ends a line. The lines are in the order of their bytes.

`config.json` says the shape of the network under `architecture`; the rest of it tells how texts are cut, which texts \
the model was trained on, and how well it did. `card.md` is for people.
"""

_WORDS = """\
# From words to vectors

A token is looked up in `words.txt` exactly as it is. One that is not there is *unknown*: it is left out, as if it had \
not been in the text. Each known token becomes its row of `vectors.npy`. A text without a known token, an empty one \
above all, is read as **one zero vector**: a text of one word whose {dimension} numbers are all 0.

Where words are not deleted but replaced, a hidden known token becomes a vector of its own: `zero` is the zero vector, \
`mean` the mean of all rows of `vectors.npy`, `unknown` the vector of the first of `<unk>`, `<UNK>`, `UNK`, `[UNK]` \
that `words.txt` has. Hidden tokens that are not known are left out like all others.
"""

_RECURRENCE = """\
# The two networks

`{abstract}` reads abstracts, `{title}` reads titles. Each is an LSTM of {layers}, over vectors of {dimension} \
numbers, with H = {hidden} units {directions}. They are PyTorch's `nn.LSTM({dimension}, {hidden}, num_layers={count}, \
batch_first=True, bidirectional={bidirectional})`; dropout was used in training only. The tensors of `{abstract}` \
(those of `{title}` have the same shapes):

{table}

The rows of these matrices and biases come in four blocks of H: input gate, forget gate, cell, output gate, in this \
order. With x(t) what a layer reads at word t, and h and c zero before its first word,

    i, f, g, o = weight_ih x(t) + bias_ih + weight_hh h(t-1) + bias_hh      4 H numbers, cut into four
    c(t) = sigmoid(f) c(t-1) + sigmoid(i) tanh(g)                           number by number
    h(t) = sigmoid(o) tanh(c(t))

{stacking}
"""

_LINEAR = """\
# From the two networks to the margin

Put the {features} numbers of the abstract and then the {features} of the title into one vector x of {width}: \
**abstract first**. Then

    logits = fc.weight x + fc.bias          fc.weight (2, {width}), fc.bias (2)
    margin = logits[1] - logits[0]

Logit 0 belongs to the negative class, logit 1 to the positive one. With w = fc.weight[1] - fc.weight[0] the margin is \
a sum of three parts, and `grids.jsonl` has each of them: the abstract's, w[:{features}] · x[:{features}] (the last \
number of `abstract`), the title's, w[{features}:] · x[{features}:] (the last number of `title`), and `bias`, \
fc.bias[1] - fc.bias[0]. So you can check either network by itself.
"""

_JOINT = """\
# From the two networks to the margin

Put the {features} numbers of the abstract and then the {features} of the title into one vector x of {width}: \
**abstract first**. Then

    hidden = tanh(fc.0.weight x + fc.0.bias)       fc.0.weight ({joint}, {width}), fc.0.bias ({joint})
    logits = fc.2.weight hidden + fc.2.bias        fc.2.weight (2, {joint}), fc.2.bias (2)
    margin = logits[1] - logits[0]

Logit 0 belongs to the negative class, logit 1 to the positive one.
"""

_SEVERAL = """\
# From the two networks to the margin

Put the {features} numbers of the abstract and then the {features} of the title into one vector x of {width}: \
**abstract first**. Then

{logits}
    margin = logits[p] - log(sum of exp(logits[k]) over all k but p)

Logit k, from 0, belongs to the class that `config.json` names at that place under `classes`. p is the place of the \
class that is asked for, which the model's settings call `positive`. The margin is the log-odds of its softmax \
probability.
"""

_LOGITS = "    logits = fc.weight x + fc.bias          fc.weight ({classes}, {width}), fc.bias ({classes})"
_JOINT_LOGITS = """\
    hidden = tanh(fc.0.weight x + fc.0.bias)       fc.0.weight ({joint}, {width}), fc.0.bias ({joint})
    logits = fc.2.weight hidden + fc.2.bias        fc.2.weight ({classes}, {joint}), fc.2.bias ({classes})"""

_PRECISION = """\
# Precision

The networks were run in float32 (unless site.toml asks for another precision), the last sums made in float64. Which \
texts are computed together, and on which machine, moves a margin by less than 0.000001 or so; 0.0001 is a wide margin \
for a program that does the same.
"""


def format_of(architecture: Architecture, *, vocabulary: int) -> str:
    """The text, in Markdown. vocabulary: how many words there are."""
    a = architecture
    margin = _JOINT if a.joint else _LINEAR
    if a.classes > 2:
        margin = _SEVERAL.replace("{logits}", _JOINT_LOGITS if a.joint else _LOGITS)
    parts = (_FILES, _WORDS, _RECURRENCE, _read_of(a), margin, _PRECISION)
    return "\n".join(parts).format(
        abstract=ABSTRACT_TOWER,
        title=TITLE_TOWER,
        vocabulary=vocabulary,
        dimension=a.dimension,
        hidden=a.hidden,
        joint=a.joint,
        classes=a.classes,
        count=a.layers,
        layers="one layer" if a.layers == 1 else f"{a.layers} layers, one on top of the other",
        directions="in each of two directions" if a.directions == 2 else "that read forwards",
        bidirectional=a.directions == 2,
        features=a.features,
        width=2 * a.features,
        table=_table(a),
        stacking=_stacking(a),
    )


def recompute_script() -> str:
    """The program that recomputes numbers of a site from its data and a published model of this kind."""
    return Path(__file__).with_name("recompute.py.txt").read_text(encoding="utf-8")


def _table(a: Architecture) -> str:
    """The tensors of one tower in Markdown, those of both directions in a row."""
    rows: dict[str, list[str]] = {}
    shapes = a.shapes()
    for name in shapes:
        if name.startswith(f"{ABSTRACT_TOWER}."):
            rows.setdefault(name.removesuffix("_reverse"), []).append(f"`{name}`")
    head = "| tensors | shape of each |\n|---|---|\n"
    return head + "\n".join(
        f"| {', '.join(names)} | {' × '.join(map(str, shapes[name]))} |" for name, names in rows.items()
    )


def _stacking(a: Architecture) -> str:
    """Which layer and which direction reads what."""
    backwards = " Tensors with `_reverse` belong to the direction that reads the same from the last word to the first."
    reads = "each word's h of the layer below"
    if a.directions == 2:
        reads += ", both directions in one vector, forwards first"
    above = f" Layer `l1` and those above read {reads}." if a.layers > 1 else ""
    return f"Layer `l0` reads the words' vectors, from the first to the last.{backwards * (a.directions == 2)}{above}"


def _read_of(a: Architecture) -> str:
    """Which numbers are taken of a network."""
    forwards = "the forward h after the last word"
    if a.directions == 1:
        return f"\n# What is taken of them\n\nOf the top layer {forwards}: {{features}} numbers a text.\n"
    if a.readout == "last-step":
        taken = (
            f"The top layer's output at the last word, in this order: {forwards}, then the backward h at that same "
            "word, which is the **first** that this direction reads there: it has read one word (`output[:, -1]` of "
            "PyTorch; not `h_n`). Together {features} numbers a text. A text's last word is its last *known* one."
        )
    else:
        taken = (
            f"Of the top layer the final state of each direction, in this order: {forwards}, then the backward h after "
            "the first word, where this direction has read the whole text (the last two rows of PyTorch's `h_n`; not "
            "`output[:, -1]`). Together {features} numbers a text."
        )
    return f"\n# What is taken of them\n\n{taken}\n"
