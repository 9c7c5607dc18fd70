"""The page on truth: which of the three measures to trust on these papers and this model, and what each check found.

Open `page` first: its context. `trusted` makes the sentence and the table on top, `checks` has the rules by which a
check holds; `known`, `erasure` and `randomised` make the checks, `charts` draws them, `wording` names the measures.
"""
