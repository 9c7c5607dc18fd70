"""From labelled records to a model directory of a two-tower LSTM with its model card.

Open `train.py` first: it is the order of the steps.
"""
