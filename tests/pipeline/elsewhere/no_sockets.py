"""Once this is imported no socket can be made, and who tries is written down in the file that SOCKETS_TRIED names. The
hook sees the C code of the socket module, whatever name it is called by."""

from __future__ import annotations

import os
import sys
import traceback


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith("socket.") and event != "socket.gethostname":
        with open(os.environ["SOCKETS_TRIED"], "a", encoding="utf-8") as out:  # noqa: PTH123
            out.write(f"{event} {arguments}\n{''.join(traceback.format_stack())}\n")
        raise PermissionError(f"no network here: {event}")


sys.addaudithook(refuse)
