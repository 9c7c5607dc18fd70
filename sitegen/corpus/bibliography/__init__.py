"""What reference managers and bibliographic databases export, as rows with columns of one set of names.

Open `work.py` first: the columns, and how what a file says becomes their text. Then `tagged.py`, the reader of files
whose lines begin with tags; `dialects.py` says which those are.
"""
