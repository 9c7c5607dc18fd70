"""sitegen: explain a text classifier to people, as a static site of occlusion heatmaps."""

from sitegen.version import __version__

__all__ = ["__version__"]
