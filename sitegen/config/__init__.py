"""site.toml as a frozen `Site`: every key validated, every relative path resolved against the file's folder.

Each table of the file is a class in tables.py, what it says of the site's looks is in appearance.py, the whole of it in
site.py. Nothing here knows of the stages that use them: names of kinds (of a baseline, say) are strings here. Messages
name the key as the user wrote it (`records.title`), the problem and the remedy; all of a file's problems are reported
together. Unknown keys are refused: a misspelt option that is silently ignored is worse than an error.
"""

from sitegen.config.appearance import Colors, NavEntry
from sitegen.config.site import Site, load_site, site_of
from sitegen.config.tables import (
    Classes,
    Faithfulness,
    Live,
    Model,
    Network,
    Occlusion,
    Output,
    Policies,
    Policy,
    Records,
    Significance,
)

__all__ = [
    "Classes",
    "Colors",
    "Faithfulness",
    "Live",
    "Model",
    "NavEntry",
    "Network",
    "Occlusion",
    "Output",
    "Policies",
    "Policy",
    "Records",
    "Significance",
    "Site",
    "load_site",
    "site_of",
]
