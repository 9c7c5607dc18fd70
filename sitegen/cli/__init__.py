"""The command line: what can be asked, what is printed, and the site that `sitegen init` begins with.

Open commands.py first: one function a command. terminal.py shows progress and reports; nothing else prints.
"""
