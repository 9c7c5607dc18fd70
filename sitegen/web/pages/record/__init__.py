"""The page of one record.

Open `page` first: its context, and the answer in words. `heatmap` is its picture, `effects` its text and its tables.
"""
