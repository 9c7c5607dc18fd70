"""The words and numbers that every page writes alike.

Open `numbers` first: how a probability or an effect is written. `verdicts` has every phrase of a sentence's verdict.
"""
