"""Whether a sentence moves the model more than sentences of the other class's records do.

Open test.py first (the test and what it assumes); evidence.py has what goes in and comes out.
"""
