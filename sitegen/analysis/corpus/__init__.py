"""The corpus as a whole: its sentences and words ranked, calibration, where the shares stand, what repeats.

Open influence.py first (sentences by all three measures), then words.py; the other modules stand by themselves.
"""
