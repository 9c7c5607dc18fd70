"""The engine: the features of thousands of shortened copies of a text, exactly, at a fraction of their cost.

Occlusion shows a tower the same text again and again, each time with less of it. Three kinds of shortened texts occur:

    prefix      the first k words of a text
    deletion    a text without one range of its words; a prefix is the deletion of a text's end
    subset      the words of a text that a mask keeps

Open `prefixes.py` first: it has the functions that the rest of sitegen calls, and says exactly what they return. Each
file uses those further down:

    prefixes.py        the public functions; also whole texts, which torch encodes by itself
    deletions.py       many deletions at once            subsets.py       many subsets at once
    shared_states.py   what a text's deletions share     prefix_tree.py   what a text's subsets share
    recurrence.py      one direction of one layer, run over many sequences: the equations, the time loop
    kernels.py         the equations of a step, compiled (only where numba is installed)
    thread_pool.py     threads that evaluate a job's chunks side by side, each with an arena of its own
    arena.py           a block of memory from which buffers are cut

Three things make it fast: words that many shortened texts share are computed once (`shared_states.py`,
`prefix_tree.py`); the rest is done in few, large matrix products, without padding (`recurrence.py`); and every
processor works on a chunk of its own, in memory that is used again (`thread_pool.py`, `arena.py`).
"""
