"""The definitions on disk, read, checked against each other, and kept in one frozen object."""

from kpialign.library.load import in_force, load
from kpialign.library.model import Library, Replaced

__all__ = ["Library", "Replaced", "in_force", "load"]
