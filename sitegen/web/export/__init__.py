"""The site as programs read it: the data files and the values that pages hand to their scripts.

Open files.py first: every data file is declared there.
"""
