# %% [markdown]
# # Train a word counter
#
# The simplest model that reads a paper: each word it knows adds its weight, as often as it stands there. It learns from
# the very papers that a model of `sitegen train` learned from, so the two can be compared on those that neither has
# seen. `pip install "sitegen-occlusion[sklearn]"`, then:
#
#     python train_word_counter.py papers.csv model word-counter.skops

# %%
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED

import numpy as np
import skops.io
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import sitegen
from sitegen.corpus.texts import text_hash, title_end
from sitegen.models.training.metrics import evaluate

papers, model, output = sys.argv[1:4]

# %% [markdown]
# A model directory says by hashes which texts it was trained on, stopped by and tested on. A text is the title and the
# abstract with a blank between them; a title that the abstract repeats is left out.

# %%
trained = sitegen.load_model(Path(model))
part_of = {text: part for part in ("train", "validation", "test") for text in getattr(trained.manifest.texts, part)}
parts = {part: ([], []) for part in ("train", "validation", "test")}
for record in sitegen.read_records(
    papers, label="class", positive=trained.classes[1], negative=trained.classes[0]
).records:
    if part := part_of.get(text_hash(record.title, record.abstract)):
        abstract = record.abstract[title_end(record.title, record.abstract) :]
        parts[part][0].append(" ".join(filter(None, [record.title, abstract])))
        parts[part][1].append(record.label)

# %% [markdown]
# The penalty sets the weight of most words to nothing. The validation part says how strong it is: as strong as can be
# while the loss lies within a standard error of the least. Words are letters alone: a year would tell the classes apart
# for a reason that nobody cares about. Both classes count the same.


# %%
def fitted(strength, words=None):
    counter = CountVectorizer(token_pattern=r"[A-Za-z]{2,}", stop_words="english", min_df=5, vocabulary=words)
    weights = LogisticRegression(C=strength, l1_ratio=1, solver="liblinear", class_weight="balanced", random_state=0)
    return make_pipeline(counter, weights).fit(*parts["train"])


def losses(pipeline):
    texts, labels = parts["validation"]
    return np.logaddexp(0, -(2 * np.array(labels) - 1) * pipeline.decision_function(texts))


tried = {strength: losses(fitted(strength)) for strength in (0.03, 0.1, 0.3, 1.0)}
least = min(tried.values(), key=np.mean)
strength = min(one for one in tried if tried[one].mean() <= least.mean() + least.std() / np.sqrt(len(least)))
counter, weights = (step for _, step in fitted(strength).steps)
kept = sorted(counter.get_feature_names_out()[weights.coef_[0] != 0])
pipeline = fitted(strength, kept)
skops.io.dump(pipeline, output, compression=ZIP_DEFLATED, compresslevel=9)

# %%
texts, labels = parts["test"]
print(
    f"{len(kept)} words, C = {strength:g}; {[len(labels) for _, labels in parts.values()]} papers to train, stop, test"
)
for name, one in evaluate(np.array(labels), pipeline.decision_function(texts), rng=np.random.default_rng(0)).items():
    print(f"{name:<10} {one.value:.3f} [{one.low:.3f}, {one.high:.3f}]")
order = np.argsort(pipeline[-1].coef_[0])
for title, places in (("against", order[:15]), ("for", order[::-1][:15])):
    print(f"{title}: {', '.join(f'{kept[k]} {pipeline[-1].coef_[0, k]:+.2f}' for k in places)}")
