"""Answers that a model gave elsewhere, in the place of a model: a file of them, and the texts that they are answers to.

kind.py is the kind of model, table.py the file and the names of texts in it.
"""
