"""The site as readers see it: pages, data files, scripts and pictures. It knows scores and no model.

Open build.py first, the order in which a site is written; routes.py lists the pages.
"""
