"""What is wrong in the configuration, and where: said so that it can be mended."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Self


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one file.

    Attributes:
        file: The file it stands in.
        line: The line, counted from 1; ``None`` where the file itself is the problem.
        key: The way to the value, ``locations.haven.rooms.calm-1.kind``; may be empty.
        message: What is wrong, and what to write instead.
    """

    file: str
    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.key, self.message) if part)

    def in_file(self, file: str) -> Self:
        """The same problem under another file name."""
        return replace(self, file=file)


class SettingsError(Exception):
    """The configuration cannot be used; trying again without mending it is no use.

    Attributes:
        problems: All of them, in the order of file and line.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(
            sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line or 0, p.key))
        )
        super().__init__(self.problems)

    def __str__(self) -> str:
        return f"{len(self.problems)} problem(s) in the configuration"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence: the word probably meant, or else all known ones."""
    words = sorted(known)
    plain = word.strip().lower().replace("-", "_").replace(" ", "_")
    spelled = {each.lower().replace("-", "_"): each for each in words}
    close = get_close_matches(plain, spelled, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{spelled[close[0]]}'?"
    if not words:
        return ""
    return f"; known are {', '.join(words)}"
