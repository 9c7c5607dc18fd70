"""The licence notices of the libraries whose scripts a site ships: what their licences ask to go with every copy.

vl-convert's bundle carries no notices and DataTables' only names its licences, so the texts stand here in full, each
once, under the projects and copyright lines they belong to. The script that finds where sentences end holds no line of
nupunkt, but does what that does, by its lists.
"""

from __future__ import annotations

from dataclasses import dataclass

_BSD_3 = """\
Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this
   list of conditions and the following disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice,
   this list of conditions and the following disclaimer in the documentation
   and/or other materials provided with the distribution.

3. Neither the name of the copyright holder nor the names of its contributors
   may be used to endorse or promote products derived from this software
   without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS"
AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""

_ISC = """\
Permission to use, copy, modify, and/or distribute this software for any purpose
with or without fee is hereby granted, provided that the above copyright notice
and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS
OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.
"""

_MIT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""

_UNLICENSE = """\
This is free and unencumbered software released into the public domain.

Anyone is free to copy, modify, publish, use, compile, sell, or distribute this
software, either in source code form or as a compiled binary, for any purpose,
commercial or non-commercial, and by any means.

In jurisdictions that recognize copyright laws, the author or authors of this
software dedicate any and all copyright interest in the software to the public
domain. We make this dedication for the benefit of the public at large and to
the detriment of our heirs and successors. We intend this dedication to be an
overt act of relinquishment in perpetuity of all present and future rights to
this software under copyright law.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN
ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION
WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

For more information, please refer to <https://unlicense.org>
"""

_ZLIB = """\
This software is provided 'as-is', without any express or implied warranty. In
no event will the authors be held liable for any damages arising from the use
of this software.

Permission is granted to anyone to use this software for any purpose, including
commercial applications, and to alter it and redistribute it freely, subject to
the following restrictions:

1. The origin of this software must not be misrepresented; you must not claim
   that you wrote the original software. If you use this software in a product,
   an acknowledgment in the product documentation would be appreciated but is
   not required.
2. Altered source versions must be plainly marked as such, and must not be
   misrepresented as being the original software.
3. This notice may not be removed or altered from any source distribution.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Licence:
    """One licence text and the (project, copyright line) pairs it covers."""

    name: str
    spdx: str  # its identifier in SPDX's list
    text: str
    projects: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """A library, or several under one copyright line, that a script of the site contains.

    name: as the notices have it. licence: its SPDX identifier. file: the script, by its name in `assets/`.
    """

    name: str
    licence: str
    file: str


_VEGA = (
    _Licence(
        name="BSD 3-Clause License",
        spdx="BSD-3-Clause",
        text=_BSD_3,
        projects=(
            ("Vega", "Copyright (c) 2015-2023, University of Washington Interactive Data Lab. All rights reserved."),
            ("Vega (first version)", "Copyright (c) 2013, Trifacta Inc. All rights reserved."),
            ("Vega-Lite", "Copyright (c) 2015, University of Washington Interactive Data Lab. All rights reserved."),
            (
                "Vega-Embed, Vega-Tooltip, Vega-Themes, Vega-Interpreter, vega-schema-url-parser",
                "Copyright (c) 2015, University of Washington Interactive Data Lab. All rights reserved.",
            ),
            ("vl-convert, which bundles them", "Copyright 2023 Jon Mease"),
        ),
    ),
    _Licence(
        name="ISC License",
        spdx="ISC",
        text=_ISC,
        projects=(
            ("D3 (the modules that Vega uses), internmap", "Copyright 2010-2023 Mike Bostock"),
            ("d3-geo-projection", "Copyright 2013-2021 Mike Bostock"),
            ("topojson-client", "Copyright 2012-2019 Michael Bostock"),
            ("delaunator", "Copyright (c) 2021, Mapbox"),
            ("semver", "Copyright (c) Isaac Z. Schlueter and Contributors"),
        ),
    ),
    _Licence(
        name="MIT License",
        spdx="MIT",
        text=_MIT,
        projects=(
            ("d3-geo (parts after GeographicLib)", "Copyright (c) 2008-2012 Charles Karney"),
            ("d3-geo-projection (integrate-adaptive-simpson)", "Copyright (c) 2015 Ricky Reusser"),
            ("clone", "Copyright (c) 2011-2015 Paul Vorbach"),
            ("fast-deep-equal", "Copyright (c) 2017 Evgeny Poberezkin"),
            ("fast-json-stable-stringify", "Copyright (c) 2017 Evgeny Poberezkin, Copyright (c) 2013 James Halliday"),
            ("fast-json-patch", "Copyright (c) 2013, 2014, 2020 Joachim Wester"),
            ("json-stringify-pretty-compact", "Copyright (c) 2014, 2016, 2017, 2019, 2021 Simon Lydell"),
            ("lodash.debounce", "Copyright OpenJS Foundation and other contributors, based on Underscore.js"),
        ),
    ),
    _Licence(
        name="The Unlicense",
        spdx="Unlicense",
        text=_UNLICENSE,
        projects=(("robust-predicates", "Vladimir Agafonkin, who released it into the public domain"),),
    ),
)

_DATATABLES = (
    _Licence(
        name="MIT License",
        spdx="MIT",
        text=_MIT,
        projects=(
            ("DataTables and its extensions", "Copyright (c) 2008-present, SpryMedia Limited"),
            ("jQuery", "Copyright OpenJS Foundation and other contributors, https://openjsf.org/"),
            ("itables, which bundles them", "Copyright (c) 2019-2026 Marc Wouts"),
            (
                "JSZip (dual-licensed; used under the MIT license)",
                "Copyright (c) 2009-2016 Stuart Knightley, David Duponchel, Franz Buchinger, António Afonso",
            ),
            ("pako", "Copyright (C) 2014-2017 by Vitaly Puzrin and Andrei Tuputcyn"),
            ("FileSaver.js", "Copyright © 2016 Eli Grey"),
            ("Feather (icons)", "Copyright (c) 2013-2022 Cole Bemis"),
        ),
    ),
    _Licence(
        name="zlib License",
        spdx="Zlib",
        text=_ZLIB,
        projects=(
            ("pako (parts after zlib)", "(C) 1995-2013 Jean-loup Gailly and Mark Adler"),
            ("pako (parts after zlib)", "(C) 2014-2017 Vitaly Puzrin and Andrey Tupitsin"),
        ),
    ),
    _Licence(
        name="ISC License",
        spdx="ISC",
        text=_ISC,
        projects=(("Lucide (icons)", "Copyright (c) 2022, Lucide Contributors"),),
    ),
)

_SENTENCES = (
    _Licence(
        name="MIT License",
        spdx="MIT",
        text=_MIT,
        projects=(
            ("nupunkt (how sentences end, and the lists in live-tables.js)", "Copyright (c) 2025 ALEA Institute"),
        ),
    ),
)


def bundled() -> tuple[Bundled, ...]:
    """All libraries that the site's scripts contain, as the notices list them."""
    return tuple(
        Bundled(name=project, licence=licence.spdx, file=file)
        for file, licences in (
            ("vega.js", _VEGA),
            ("datatables.js", _DATATABLES),
            ("live-sentences.js", _SENTENCES),
        )
        for licence in licences
        for project, _ in licence.projects
    )


def vega_notices() -> str:
    """The notices that go with `scripts.vega_bundle`, as plain text."""
    return _written("Vega, Vega-Lite, Vega-Embed and the libraries they contain", _VEGA)


def datatables_notices() -> str:
    """The notices that go with `scripts.datatables_bundle` and its style sheet, as plain text."""
    return _written("DataTables, its extensions, jQuery and the libraries they contain", _DATATABLES)


def sentence_notices() -> str:
    """The notices that go with the script that finds where sentences end, as plain text."""
    return _written("what finds where the sentences of a typed text end", _SENTENCES)


def _written(what: str, licences: tuple[_Licence, ...]) -> str:
    parts = [f"Licences of {what}\n"]
    for licence in licences:
        covered = "\n".join(f"{project}\n    {line}" for project, line in licence.projects)
        parts.append(f"{'=' * 79}\n{licence.name}\n\n{covered}\n\n{licence.text}")
    return "\n".join(parts)
