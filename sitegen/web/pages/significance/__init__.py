"""The page on the test: which sentences, read alone, speak clearly for their class.

Open `page` first: its sections, in order. `results` has the test's numbers by class, `missing` says why there may be
none; each section is a module of its own, `parts` what they show, `charts` the charts, `data` the same as JSON.
"""
