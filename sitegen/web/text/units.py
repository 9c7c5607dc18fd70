"""What the units of a network are called, on pages and in addresses. They are numbered as in the weights, from 0."""

from __future__ import annotations

from dataclasses import dataclass

DIRECTIONS = ("forward", "backward")
ARROWS = ("→", "←")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Unit:
    """One unit. field: the text it reads, "title" or "abstract". layer: from 0, the lowest. direction: 0 forward, 1
    backward. number: among the units of that direction, from 0."""

    field: str
    layer: int
    direction: int
    number: int

    @property
    def name(self) -> str:
        """In a few signs: A2→17 is unit 17 of those that read the abstract forward in the second layer."""
        return f"{self.field[0].upper()}{self.layer + 1}{ARROWS[self.direction]}{self.number}"

    @property
    def words(self) -> str:
        """The same in words."""
        direction = DIRECTIONS[self.direction]
        return f"unit {self.number} of layer {self.layer + 1}, which reads the {self.field} {direction}"

    @property
    def file(self) -> str:
        """For addresses."""
        return f"{self.field}-{self.layer + 1}-{DIRECTIONS[self.direction]}-{self.number}"
