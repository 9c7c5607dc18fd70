"""The pages of a facet: one a value (a page a subject), and one that compares them all.

Open page.py first; numbers.py counts what both show of a value.
"""
