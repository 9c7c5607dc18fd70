"""From a site.toml to a site: the stages, and where their results are kept between them.

Open build.py first: it is the order of the stages. score.py and render.py are its halves, keys.py
stands between them.
"""
