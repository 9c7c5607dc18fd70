"""The page about the corpus as a whole, a list of sections.

Open `page` first: it names the sections, each a module of its own (its words, its chart, its lists).
"""
