"""The version of sitegen and the name it is installed under: read by the build, by pages and by the command line."""

__version__ = "0.1.0"

DISTRIBUTION = "sitegen-occlusion"
"""The name for pip; the import and the command are `sitegen`. On the package index, "sitegen" is another project."""


def how_to_install(extra: str) -> str:
    """How to install an optional part of sitegen: from a checkout, since it is not on the package index yet."""
    return f'in a checkout of sitegen, pip install -e ".[{extra}]"'
