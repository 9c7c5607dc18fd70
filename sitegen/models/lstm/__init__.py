"""The two-tower LSTM, one kind of model: its folder, its network, and how it answers.

Open `architecture.py` first (its shape), then `directory.py` (its files). `engine/` is what makes it fast.
"""
