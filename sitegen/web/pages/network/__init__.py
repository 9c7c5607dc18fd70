"""The pages that look inside the first model's network: a map of its units, a page for each of them, and where else in
the corpus the same units are on.

Open numbers.py first: what the map, its table, the units' pages and units.csv say of a unit is made there, once.
"""
