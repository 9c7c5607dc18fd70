"""The one date that a site may carry: no clock is read, so that the same inputs give the same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sitegen.errors import ConfigError

UNDATED = 315_532_800  # 1 January 1980 in seconds since 1970: what stands where no date is given
_LATEST = 253_402_300_799  # the end of the year 9999


def source_date(environment: Mapping[str, str]) -> int:
    """The date in SOURCE_DATE_EPOCH, in seconds since 1970, else UNDATED (see reproducible-builds.org)."""
    value = environment.get("SOURCE_DATE_EPOCH", "").strip()
    if not value:
        return UNDATED
    if not re.fullmatch(r"[0-9]{1,12}", value) or int(value) > _LATEST:
        raise ConfigError(
            f'SOURCE_DATE_EPOCH is "{value}", where a number of seconds since 1970 is expected. Set it as '
            f"`date +%s` prints it, or unset it."
        )
    return int(value)
