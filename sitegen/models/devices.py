"""Where a model computes: on the processor, or on a graphics card that torch knows."""

from __future__ import annotations

from sitegen.errors import ModelError

CPU = "cpu"


def checked_device(name: str) -> str:
    """torch's name of a device; "" is the processor. ModelError where this machine has no such device."""
    if name in ("", CPU):
        return CPU
    import torch

    if torch.device(name).type == "cuda" and not torch.cuda.is_available():
        raise ModelError(
            f'device = "{name}" below [[models]] in site.toml: torch finds no such device on this machine. Leave it '
            f"out, which computes on the processor; or install a torch that was built for the graphics card, and its "
            f"driver."
        )
    return name
