"""The command line: what can be asked, what is printed, and the site that `sitegen init` begins with.

Open commands.py first: one function a command, or the room where it is. terminal.py shows progress and reports; beside
these two and making.py nothing prints.
"""
