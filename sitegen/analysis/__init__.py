"""From a model's answers to what they show, in numpy and scipy: no model, no page, and no file but the store's.

Open attribution/occlusion.py first: its Occlusion is what all other rooms start from; store/store.py keeps it.
"""
