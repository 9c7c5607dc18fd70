"""sitegen: explain a text classifier to people, as a static site of occlusion heatmaps."""

__version__ = "0.1.0"
