"""The written word: files of records, how a text is cut into tokens and sentences, and the vectors of words.

Open collection.py first for what a record is, records.py for how files are read, formats.py for which there are, and
segment.py for how texts are cut.
"""
