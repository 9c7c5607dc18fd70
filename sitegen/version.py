"""The version of sitegen: read here by the build, by pages and by the command line."""

__version__ = "0.1.0"
