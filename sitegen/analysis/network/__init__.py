"""Inside a network whose answer is a sum over its units: what each unit wrote at each word, and what it is for.

Open written.py first: the one exact fact that all of this rests on.
"""
