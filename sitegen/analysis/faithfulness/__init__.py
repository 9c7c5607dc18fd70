"""How truthful the three measures are: whether what they name matters to the model, tried without annotations.

Open report.py first (all checks together), then measures.py and trust.py; hybrids.py, planted.py, erasure.py and
randomised.py each say what one check asks.
"""
