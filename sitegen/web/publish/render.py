"""Jinja2: a page's context -> its HTML. The only module that knows the template language.

Templates come from the user's `templates/` beside site.toml first, file by file, then from sitegen's own
(content/pages/documentation/make-it-yours.md tells users how). Everything is escaped, and a name a template uses but
the context lacks is an error, not a blank. Carriage returns of a record's text are escaped too: a browser reads a bare
one as a line feed, two characters as one, and the places that pages mark would move.
"""

from __future__ import annotations

import traceback
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.meta import find_referenced_templates
from markupsafe import Markup

from sitegen.config import Colors
from sitegen.errors import OutputError
from sitegen.web import routes
from sitegen.web.charts.own_theme import own_theme
from sitegen.web.charts.style import Palette
from sitegen.web.layout import Page
from sitegen.web.text.numbers import upper

THEME = "theme.css"
OWN = ("own.css", "own.js")  # in the user's assets: every page has them, after all others


def templates_folder() -> Path:
    """Where sitegen's own templates are: beside the package in a source tree, else the copy inside the wheel."""
    package = Path(__file__).resolve().parents[2]
    beside = package.parent / "templates"
    return beside if (package.parent / "pyproject.toml").exists() and beside.is_dir() else package / "_templates"


class Renderer:
    """Renders pages from one search path of template folders, the user's first.

    override: the user's own, which need not be there. colors: of site.toml; described: what messages call that.
    """

    def __init__(
        self, *, override: Path | None = None, colors: Colors | None = None, described: str = "site.toml"
    ) -> None:
        self.override, self._colors, self._described = override, colors or Colors(), described
        self.folders = [folder for folder in (override, templates_folder()) if folder and folder.is_dir()]
        self._environment = Environment(
            loader=FileSystemLoader(self.folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters["upfirst"] = upper
        self._environment.globals["inline"] = self._inline
        self._environment.globals["own"] = [
            name for name in OWN if any((folder / "assets" / name).is_file() for folder in self.folders)
        ]
        self._environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}

    def render(self, page: Page) -> str:
        """The page's HTML; OutputError names the template (and line) where a template is at fault."""
        try:
            html = self._environment.get_template(page.template).render(
                page=page, frame=page.frame, nouns=page.frame.nouns
            )
        except Exception as error:
            where = self._place(error) or page.template
            if not isinstance(error, TemplateError) and not (self.override and where.startswith(str(self.override))):
                raise  # no fault of a user's template
            raise OutputError(f"{where}: the template cannot be used: {error}. Mend it, or remove it.") from error
        return html.replace("\r", "&#13;")

    def included(self, file: Path) -> set[str] | None:
        """The names of the templates that a template extends, includes or imports; None where one of them is known only
        once a page is made. Of a file that is no template, none."""
        try:
            tree = self._environment.parse(file.read_text(encoding="utf-8"))
        except (TemplateError, OSError, ValueError):
            return set()
        names = set(find_referenced_templates(tree))
        return None if None in names else {name for name in names if name}

    def _inline(self, name: str) -> Markup:
        """A style sheet of `assets/`, the user's first, as the contents of a <style> element: for a page that can have
        no link to it. Nothing in it ends that element."""
        text = self.asset(name, self.assets()[name]).decode(errors="replace")
        return Markup(text.replace("</", "<\\/").strip())

    def _place(self, error: Exception) -> str:
        """`file:line` of the template line that failed, "" where none is known.

        A syntax error carries its place; an error of rendering has it in its traceback, where Jinja puts the
        templates' lines.
        """
        if isinstance(error, TemplateSyntaxError):
            return f"{error.filename or error.name}:{error.lineno}"
        lines = [
            f"{frame.filename}:{frame.lineno}"
            for frame in traceback.extract_tb(error.__traceback__)
            if any(Path(frame.filename).is_relative_to(folder) for folder in self.folders)
        ]
        return lines[-1] if lines else ""

    @cached_property
    def palette(self) -> Palette:
        """The colours of the theme.css that holds, the user's first, with those of site.toml; OutputError names what it
        lacks, ConfigError what of site.toml cannot be read."""
        return Palette.of(self.theme, file=str(self.assets()[THEME]))

    @cached_property
    def theme(self) -> str:
        """The theme.css that holds, with the colours of site.toml."""
        file = self.assets()[THEME]
        text = file.read_text(encoding="utf-8", errors="replace")
        return own_theme(text, self._colors, file=str(file), described=self._described)

    def asset(self, name: str, file: Path) -> bytes:
        """What a file in `assets/` holds in the site."""
        return self.theme.encode() if name == THEME and self._colors.given else file.read_bytes()

    def assets(self) -> dict[str, Path]:
        """The files in `assets/` by their names: ours, in the user's version where there is one, and the user's own.

        OutputError where one of the user's has the name of a file that sitegen makes.
        """
        found: dict[str, Path] = {}
        for folder in reversed(self.folders):
            assets = folder / "assets"
            for file in sorted(assets.rglob("*")):
                name = file.relative_to(assets).as_posix()
                if file.is_file() and not file.name.startswith("."):
                    if folder == self.override and name not in found and routes.is_made(name):
                        raise OutputError(f"{file}: sitegen makes a file of this name. Rename yours.")
                    found[name] = file
        return found
