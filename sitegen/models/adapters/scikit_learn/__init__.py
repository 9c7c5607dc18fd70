"""Pipelines of scikit-learn, from a skops or a joblib file.

Open `kind.py` first. `answers.py` says what number a pipeline's margin is; the rest answers for linear pipelines
without running them: `linear.py` (which those are), `excerpts.py` (their tokens), `ngrams.py` and `exact.py` (the
margin), `adding.py` (of those whose title and abstract add up).
"""
