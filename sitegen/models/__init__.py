"""The classifiers that read the texts, on disk and in memory. torch lives in this package alone; numpy arrays leave it.

Open `protocol.py` first (what a classifier must answer), then `manifest.py` and `registry.py` (a model on disk).
"""
