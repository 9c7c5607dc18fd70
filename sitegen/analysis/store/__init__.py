"""The scores on disk, between the stages that need a model and those that need none.

Open store.py first (tables, keys); packing.py turns an Occlusion into a row and back.
"""
