"""The page of one record.

Open `page` first: its context. `story` is the answer in words, told from an `account`, and `path` its picture;
`abstract`, `sentences` and `words` are the text in its colours and the two tables; `heatmap` is the picture of all
prefixes.
"""
