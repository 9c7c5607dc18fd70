"""Classifiers made of models that sitegen did not make.

Open `whole_texts.py`: from a model that is given strings to one that answers analysis.
"""
