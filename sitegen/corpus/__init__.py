"""The written word: files of records, how a text is cut into tokens and sentences, and the vectors of words.

Open records.py first for what a record is and how files are read, segment.py for how its texts are cut.
"""
