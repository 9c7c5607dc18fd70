"""The kinds of pages, a module or a folder each: the context of its template, and `pages(inputs, scan, frames)`.

Open gallery.py for the pattern; a page's address, scripts and place in the navigation are in ../routes.py.
"""
