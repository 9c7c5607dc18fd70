"""Random documents of words that the classifiers of tests know and words that they do not."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.classifiers import WEIGHTS, document

words = st.sampled_from([*WEIGHTS, "unseen", "other"])
sentence = st.lists(words, min_size=1, max_size=5).map(" ".join)
documents = st.builds(
    lambda title, abstract: document(title, *abstract), st.just("") | sentence, st.lists(sentence, max_size=4)
)
