"""What one record's text does to the answer: every number is the whole text less something.

Open occlusion.py first (prefix grid, leave-one-out); shapley.py shares credit out, baselines.py says what "less" means.
"""
