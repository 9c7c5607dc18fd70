"""What an archive says of itself, each in the form that its readers know: people, libraries, programs, lawyers.

README.txt              people who unpacked it
CITATION.cff            reference managers and repositories (Citation File Format 1.2)
ro-crate-metadata.json  research data repositories (RO-Crate 1.1, by ro-crate-py)
environment.txt         who must install the same versions again, as `pip freeze` has it
sbom.cdx.json           who asks which software made this and is in it (CycloneDX 1.6, by cyclonedx-python-lib)
"""

from __future__ import annotations

import html
import json
import platform
import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from sitegen.config import Site
from sitegen.errors import OutputError
from sitegen.version import __version__
from sitegen.web.publish.notices import bundled

README, CITATION, CRATE = "README.txt", "CITATION.cff", "ro-crate-metadata.json"
ENVIRONMENT, SBOM = "environment.txt", "sbom.cdx.json"
NAMES = {name.lower() for name in (README, CITATION, CRATE, ENVIRONMENT, SBOM)}
AGENT = f"sitegen {__version__}"
_OWN = "sitegen-occlusion"
_NO_LICENCE = "No licence is stated."


def check_libraries() -> None:
    """Raise OutputError where the libraries that archives need are not installed."""
    try:
        for name in ("bagit", "rocrate", "cyclonedx"):
            import_module(name)
    except ImportError as error:
        raise OutputError(
            f"An archive needs the package {error.name}, which is not installed. Install it with what else archives "
            f"need: pip install '{_OWN}[archive]', or '.[archive]' in sitegen's folder."
        ) from None


def describe_payload(site: Site, payload: Path, *, date: datetime, dated: bool, left_out: Mapping[str, str]) -> None:
    """Write all of these files. date: of the archive; dated: whether it is a real one. left_out: places of what is not
    in the archive, each with the file that has its hashes."""
    installed = distributions()
    texts = {
        README: _readme(site, left_out),
        CITATION: _citation(site, date if dated else None),
        ENVIRONMENT: _environment(installed),
        SBOM: _sbom(site, installed, date if dated else None),
    }
    for name, text in texts.items():
        (payload / name).write_text(text, encoding="utf-8", newline="\n")
    (payload / CRATE).write_text(_crate(site, payload, date), encoding="utf-8", newline="\n")


def open_me(site: Site) -> str:
    """The page at the top of the archive, which leads to the site."""
    title, language = html.escape(site.title), html.escape(site.language)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta http-equiv="refresh" content="0; url=data/site/index.html">\n</head>\n<body>\n<h1>{title}</h1>\n'
        f'<p><a href="data/site/index.html">Open the site</a>. If nothing opens, extract the whole archive first. What '
        f'else is in it: <a href="data/{README}">data/{README}</a>.</p>\n</body>\n</html>\n'
    )


def distributions() -> dict[str, Distribution]:
    """The distributions that sitegen needs, and those that they need, as installed here: by name, itself first."""
    found: dict[str, Distribution] = {}
    wanted = [_OWN]
    while wanted:
        name = re.sub(r"[-_.]+", "-", wanted.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # of another system or Python, or sitegen runs without having been installed
        needs = [need for need in found[name].requires or () if "extra ==" not in need]
        wanted += [re.split(r"[^\w.-]", need, maxsplit=1)[0] for need in needs]
    return {name: found[name] for name in sorted(found, key=lambda name: (name != _OWN, name))}


def _environment(installed: Mapping[str, Distribution]) -> str:
    lines = [f"{name}=={one.version}" for name, one in installed.items()]
    return "\n".join([f"# Python {platform.python_version()}, {platform.system()} {platform.machine()}", *lines]) + "\n"


def _readme(site: Site, left_out: Mapping[str, str]) -> str:
    lines = [
        site.title,
        "",
        "Open ../open-me.html, or site/index.html: the site as it was published. It needs no network.",
        "",
        "site/                   the site; site/data/ has all of its numbers, site/check.html says how to check them",
        "site.toml               the settings it was made with, beside what it was made of",
        f"{CRATE}  what is what, for programs (RO-Crate 1.1)",
        f"{ENVIRONMENT}         the versions of the software that made it; {SBOM} has them as CycloneDX",
        f"{CITATION}            how to cite it",
        "",
        "To check every byte, in the folder above this one: sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt",
        "It is a BagIt bag, so that bagit.py --validate does it, too; and sitegen verify, on the zip as it is.",
        "To compute some numbers again: sitegen verify --rescore. To build the site again: sitegen build site.toml",
        "Where no date was given (SOURCE_DATE_EPOCH), dates are 1980-01-01, which means that there is none.",
    ]
    if left_out:
        lines += ["", "Left out, with hashes in its place, by which whoever has it can show that it is the same:"]
        lines += [f"{place}: {sums}" for place, sums in left_out.items()]
    return "\n".join(lines) + "\n"


def _citation(site: Site, date: datetime | None) -> str:
    """Texts are written as JSON strings, which YAML reads."""
    from cyclonedx import spdx

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    licence = spdx.fixup_id(site.license.strip().replace(" ", "-")) if site.license else None
    lines = [
        "cff-version: 1.2.0",
        f"message: {quoted(site.citation or 'If you use this analysis, please cite it as below.')}",
        f"title: {quoted(site.title)}",
        "type: dataset",
        "authors:",
        *(f"  - name: {quoted(author)}" for author in site.authors or ("Authors not stated",)),
        *([f"abstract: {quoted(site.description)}"] if site.description else []),
        *([f"license: {licence}"] if licence else []),
        *([f"url: {quoted(site.url)}"] if site.url else []),
        *([f"date-released: {date:%Y-%m-%d}"] if date else []),
    ]
    return "\n".join(lines) + "\n"


def _crate(site: Site, payload: Path, date: datetime) -> str:
    """The metadata of the payload as a crate: its top level, the data files of the site, and what made them."""
    from rocrate.model import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")
    root = crate.root_dataset
    root["datePublished"] = f"{date:%Y-%m-%d}"
    root["name"] = site.title
    root["description"] = site.description or site.subtitle or site.title
    licence = {"@type": "CreativeWork", "name": site.license or _NO_LICENCE}
    root["license"] = crate.add(ContextEntity(crate, "#licence", properties=licence))
    root["author"] = [
        crate.add(ContextEntity(crate, f"#author-{number}", properties={"@type": "Person", "name": author}))
        for number, author in enumerate(site.authors, start=1)
    ]
    about = {
        "site": "The site as it was published; open index.html",
        "site.toml": "The settings the site was made with",
        "hashes": "Hashes of what was left out",
        README: "What is in this archive",
        CITATION: "How to cite it",
        ENVIRONMENT: "The versions of the software that made it",
        SBOM: "The same, and the libraries in the site's scripts, as CycloneDX",
    }
    parts = {}
    for path in sorted(payload.iterdir()):
        name = {"name": about.get(path.name, path.name)}
        if path.is_dir():
            parts[path.name] = crate.add_dataset(path, f"{path.name}/", properties=name)
        else:
            parts[path.name] = crate.add_file(path, path.name, properties=name)
    for path in sorted((payload / "site" / "data").iterdir()):
        if path.is_file():
            crate.add_file(path, f"site/data/{path.name}", properties={"name": f"Data of the site: {path.name}"})
    software = {"@type": "SoftwareApplication", "name": "sitegen", "version": __version__}
    made = {
        "@type": "CreateAction",
        "name": "Building the site",
        "instrument": crate.add(ContextEntity(crate, "#sitegen", properties=software)),
        "object": [part for name, part in parts.items() if name not in about or name == "site.toml"],
        "result": parts["site"],
    }
    action = crate.add(
        ContextEntity(crate, "#build", properties={"@type": made.pop("@type"), "name": made.pop("name")})
    )
    for key, value in made.items():
        action[key] = value
    root["mentions"] = action
    return json.dumps(crate.metadata.generate(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _sbom(site: Site, installed: Mapping[str, Distribution], date: datetime | None) -> str:
    """What made the site, and the libraries that its scripts contain, which no package index knows by these versions.

    Its serial number follows from what it lists, and without a date it states none.
    """
    from cyclonedx.model import Property
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.license import LicenseExpression
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    parts = [
        Component(
            name=name,
            version=one.version,
            type=ComponentType.LIBRARY,
            bom_ref=f"{name}=={one.version}",
            purl=PackageURL("pypi", name=name, version=one.version),
        )
        for name, one in installed.items()
    ]
    parts += [
        Component(
            name=one.name,
            type=ComponentType.LIBRARY,
            bom_ref=f"assets/{one.file}#{one.licence}#{one.name}",
            licenses=[LicenseExpression(one.licence)],
            properties=[Property(name="sitegen:file", value=f"site/assets/{one.file}")],
        )
        for one in bundled()
    ]
    whole = Component(name=site.title, type=ComponentType.DATA, bom_ref="site")
    listed = "\n".join([site.title, *(part.bom_ref.value or "" for part in parts)])
    bom = Bom(
        components=parts,
        metadata=BomMetaData(component=whole, timestamp=date),
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, listed),
    )
    bom.register_dependency(whole, parts)
    written: dict[str, Any] = json.loads(JsonV1Dot6(bom).output_as_string())
    if date is None:
        del written["metadata"]["timestamp"]
    return json.dumps(written, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
