"""The corpus as a whole: effects ranked over all records, calibration, where effects stand, what repeats.

Open influence.py first (sentences and words by effect); the other modules are independent of each other.
"""
