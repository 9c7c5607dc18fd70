"""The page that sets the site's model beside each of its others: their answers, the sentences they follow, and the
records on which they disagree. Open page.py first.
"""
