"""The page "How to read this": a toy paper of our own, with each of its numbers in words.

Open `page` first: its context. `toy` is the paper, its numbers as the demo's model gave them (toy.json); `walk` puts
the cells of its picture into words.
"""
