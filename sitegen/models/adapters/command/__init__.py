"""Models that are programs: one text a line in, one answer a line out.

Open `kind.py` first (what is said between them), then `program.py` (a program that is kept running).
"""
