"""How one record's text makes the answer: what each piece says alone, its share, and the answer without it.

Open occlusion.py first (prefix grid, leave-one-out), then read_alone.py, shapley.py and untitled.py; baselines.py says
what stands in for hidden text.
"""
