"""The page on chance: how big a change must be to matter.

Open `page` first: its context. `by_class` sorts the test's results for readers, `answers` puts them into words,
`charts` draws them, `data` publishes them.
"""
