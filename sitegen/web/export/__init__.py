"""What a program reads of a site: the data files and the values that pages hand to their scripts.

Open files.py first: every data file is declared there.
"""
