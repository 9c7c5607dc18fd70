"""Transformers for sequence classification, from a folder as the library of that name saves one.

Open `kind.py` first. `folder.py` says what such a folder must have, `answers.py` what number its logits are,
`pieces.py` how a text becomes pieces of words and where it is cut, `network.py` how many texts are read at once.
"""
