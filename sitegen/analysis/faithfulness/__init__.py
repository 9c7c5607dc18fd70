"""How truthful the effects are: whether what is named important matters to the model, tried without annotations.

Open report.py first (all checks together); erasure.py, pointing.py and randomised.py each say what one check asks.
"""
