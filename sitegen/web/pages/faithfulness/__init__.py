"""The page on truth: whether these pictures tell the truth about the model.

Open `page` first: its context. `checks` has the rules by which a check holds; `erasure` and `controls` make the checks
of either kind, `charts` draws them.
"""
