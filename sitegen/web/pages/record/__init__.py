"""The page of one record.

Open `page` first: its context. `story` is the answer in words, told from an `account`, and `path` its picture;
`text` is title and abstract in their colours; `sentences`, `words` and `experts` are what stands folded below them;
`heatmap` is the picture of all prefixes.
"""
