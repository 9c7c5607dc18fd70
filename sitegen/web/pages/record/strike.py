"""Provisional."""

import base64
import numpy as np
from sitegen.analysis.attribution.occlusion import AdditiveGrid


def strike_data(occlusion, alone, shapley, untitled=None):
    m = None if shapley is None or shapley.method != "exact" else np.asarray(shapley.subsets, float)
    scale = 1.0 if m is None else float(np.abs(m).max() / 32767) or 1.0
    return {
        "margins": None if m is None else base64.b64encode(np.rint(m / scale).astype("<i2").tobytes()).decode(),
        "scale": scale,
        "replaced": False,
        "untitled": alone.abstract - occlusion.margin if isinstance(occlusion.grid, AdditiveGrid) else None,
        "why": "" if m is not None else "Only one piece.",
    }
