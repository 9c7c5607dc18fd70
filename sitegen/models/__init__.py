"""What reads the texts: classifiers, on disk and in memory. torch lives in this package alone; numpy arrays leave it.

Open `protocol.py` first (what a classifier must answer), then `manifest.py` (a model on disk) and `registry.py`.
"""
