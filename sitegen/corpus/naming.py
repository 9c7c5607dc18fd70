"""How messages about records name a setting: by the key of site.toml, the flag or the argument that a person wrote.

The same records are read for a site, for `sitegen train` with flags alone, and for a script. A message that speaks of
keys to somebody who wrote flags sends them to a file they do not have; so whoever has records read says how settings
are named there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """The names of the settings of records, in one place where people write them.

    title, abstract, id, label, facets: the settings that name a column. positive_labels, negative_labels: those that
    say which labels mean a class. rest: the one by which all other labels mean the negative class. path: the one that
    names the file; encoding: its encoding, "" where it cannot be set. skip_invalid: what to pass to leave out rows that
    cannot be used. place: what holds all of them.
    """

    title: str
    abstract: str
    id: str
    label: str
    facets: str
    positive_labels: str
    negative_labels: str
    rest: str
    path: str
    encoding: str
    skip_invalid: str
    place: str

    @property
    def both_labels(self) -> str:
        """The two settings of labels."""
        return f"{self.positive_labels} and {self.negative_labels}"

    @property
    def encoding_remedy(self) -> str:
        """The remedy for bytes that are not in the file's encoding."""
        naming = f', or name its encoding: {self.encoding} = "cp1252"' if self.encoding else ""
        return f"Save the file as UTF-8{naming}"


SITE_TOML = Naming(
    title="records.title",
    abstract="records.abstract",
    id="records.id",
    label="records.label",
    facets="records.facets",
    positive_labels="records.positive_labels",
    negative_labels="records.negative_labels",
    rest="rest = true below [classes]",
    path="records.path in site.toml",
    encoding="records.encoding",
    skip_invalid="--skip-invalid",
    place="site.toml",
)

ARGUMENTS = Naming(
    title="title",
    abstract="abstract",
    id="id",
    label="label",
    facets="facets",
    positive_labels="positive_labels",
    negative_labels="negative_labels",
    rest="rest=True",
    path="the path",
    encoding="encoding",
    skip_invalid="skip_invalid=True",
    place="the arguments",
)
"""Those of `sitegen.read_records`."""
