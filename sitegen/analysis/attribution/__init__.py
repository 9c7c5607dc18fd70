"""How one record's text makes the answer: every number compares the whole text with the text less something.

Open occlusion.py first (prefix grid, leave-one-out); shapley.py shares credit out, baselines.py says what "less" means.
"""
