# %% [markdown]
# # Explain one text
#
# A scikit-learn pipeline in memory is all that is needed. Cells begin at `# %%`: editors run them one by one, and
# `python explain_a_text.py` runs them all.

# %%
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import sitegen

# %% [markdown]
# A few sentences about the sea and about the mountains, and a pipeline that tells them apart.

# %%
sea = [
    "The tide carried the boat past the lighthouse.",
    "Waves broke over the harbour wall all night.",
    "Sailors mend their nets before the tide turns.",
    "Gulls follow the boat back to the harbour.",
]
mountains = [
    "The path climbs to a hut below the summit.",
    "Snow closed the pass in the first week of winter.",
    "Goats graze on the slope under the glacier.",
    "From the summit we saw the valley and the snow.",
]
pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression(C=10))
pipeline.fit(sea + mountains, ["sea"] * len(sea) + ["mountains"] * len(mountains))

# %% [markdown]
# The classes are named in the order (negative, positive): all percentages are those of the second.

# %%
explanation = sitegen.explain(
    pipeline,
    "A walk from the harbour to the summit",
    "We left the boat in the harbour. The path climbs through snow. From the hut we saw the tide come in.",
    classes=("mountains", "sea"),
)
explanation  # a notebook shows the answer, the figure and a table of the sentences

# %%
print(explanation)

# %% [markdown]
# All numbers are there, too, and the figure as a file.

# %%
for sentence in explanation.sentences:
    print(f"{sentence.alone:.2f} alone, {sentence.without:.2f} without it: {sentence.text}")
Path("explanation.svg").write_text(explanation.figure(), encoding="utf-8")
