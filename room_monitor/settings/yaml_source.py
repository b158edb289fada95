"""From the text of a YAML file to words in their places, each with its line.

Every scalar stays the string that was written, until a shape reads it: ``no`` is no
boolean and ``10:30`` no number. What makes a file ambiguous, or larger than it looks,
is a problem: a key written twice, an alias, a tag, a second document.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from room_monitor.settings.problems import Problem

Tree = str | list["Tree"] | dict[str, "Tree"]
KeyPath = tuple[str | int, ...]

MAX_CHARACTERS = 8 * 1024 * 1024
MAX_DEPTH = 24
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS = (None, "!")


@dataclass(frozen=True, slots=True)
class Source:
    """One file as it was written.

    Attributes:
        file: Its name, for messages.
        tree: Its content; an empty mapping where nothing could be read.
        lines: The line of every place in it, counted from 1.
        left_out: Places that hold something unusable, which has been reported already.
        problems: What is wrong with it as YAML.
    """

    file: str
    tree: Tree = field(default_factory=dict)
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    left_out: frozenset[KeyPath] = frozenset()
    problems: tuple[Problem, ...] = ()

    def line(self, path: KeyPath) -> int:
        """The line of a place, or of the nearest place around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def key(self, path: KeyPath) -> str:
        """The way to a place for people; list items are called by their id or key."""
        names: list[str] = []
        node: Tree | None = self.tree
        for step in path:
            name = str(step)
            if isinstance(node, list) and isinstance(step, int):
                node = node[step] if step < len(node) else None
                name = _own_name(node) or name
            else:
                node = node.get(str(step)) if isinstance(node, dict) else None
            names.append(name)
        return ".".join(names)

    def problem(self, path: KeyPath, message: str) -> Problem:
        """A problem at a place in this file."""
        return Problem(self.file, self.line(path), self.key(path), message)


def parse(file: str, text: str) -> Source:
    """Read a file; whatever is in it, the answer is a ``Source``."""
    if len(text) > MAX_CHARACTERS:
        return _unusable(file, None, f"larger than {MAX_CHARACTERS >> 20} MiB")
    builder = _Builder(file)
    try:
        return builder.source(iter(yaml.parse(text, Loader=_LOADER)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        return _unusable(file, line, f"not YAML: {_explain(text, line, error)}")
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return _unusable(file, line, "not a text file: it has control characters in it")
    except UnicodeEncodeError:
        return _unusable(file, None, "not a text file in UTF-8")
    except yaml.YAMLError as error:
        return _unusable(file, None, f"not YAML: {error}")
    except _TooDeepError as error:
        return _unusable(file, error.line, f"more than {MAX_DEPTH} levels deep")


def _unusable(file: str, line: int | None, message: str) -> Source:
    return Source(file, problems=(Problem(file, line, "", message),))


def _explain(text: str, line: int | None, error: yaml.MarkedYAMLError) -> str:
    lines = text.splitlines()
    here = lines[line - 1] if line is not None and line <= len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())]:
        return "the line is indented with a tab; use spaces"
    reason = str(error.problem or error.context or "it cannot be read")
    begun = error.context_mark.line + 1 if error.context_mark else line
    return reason if begun == line else f"{reason}; look from line {begun} on"


def _own_name(node: Tree | None) -> str | None:
    for key in ("id", "key", "name"):
        name = node.get(key) if isinstance(node, dict) else None
        if isinstance(name, str) and 0 < len(name) <= 64 and name.isprintable():
            return name
    return None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _TooDeepError(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Builder:
    """Builds the tree from the parser's events, which resolve no alias and no tag."""

    def __init__(self, file: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self.left_out: set[KeyPath] = set()
        self.found: list[tuple[KeyPath, int, str]] = []
        self.file = file

    def source(self, events: Iterator[yaml.Event]) -> Source:
        tree: Tree | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._report((), event, "a second document; one file, one document")
                    break
                tree = self.node(next(events), events, ())
        source = Source(
            self.file,
            {} if tree is None else tree,
            self.lines,
            frozenset(self.left_out),
        )
        problems = [
            Problem(self.file, line, source.key(path), message)
            for path, line, message in self.found
        ]
        if tree is None and not problems:
            problems = [Problem(self.file, None, "", "there is nothing in it")]
        return Source(
            self.file, source.tree, self.lines, source.left_out, tuple(problems)
        )

    def _report(self, path: KeyPath, event: yaml.Event, message: str) -> None:
        self.found.append((path, _line(event), message))

    def node(
        self, event: yaml.Event, events: Iterator[yaml.Event], path: KeyPath
    ) -> Tree | None:
        """What stands here; ``None`` if it cannot be used, which has been reported."""
        self.lines.setdefault(path, _line(event))
        if len(path) > MAX_DEPTH:
            raise _TooDeepError(_line(event))
        node: Tree | None
        match event:
            case yaml.AliasEvent():
                message = f"aliases ('*{event.anchor}') are not read; write it out"
                self._report(path, event, message)
                node = None
            case yaml.MappingStartEvent():
                node = self._mapping(events, path)
            case yaml.SequenceStartEvent():
                node = self._sequence(events, path)
            case yaml.ScalarEvent(value="", implicit=(True, False)):
                if path:
                    message = "has no value; write one, or leave the key out"
                    self._report(path, event, message)
                node = None
            case yaml.ScalarEvent():
                node = str(event.value)
            case _:
                node = None
        tag = getattr(event, "tag", None)
        if tag not in _PLAIN_TAGS:
            self._report(path, event, f"tags ('{tag}') are not read; leave it out")
            node = None
        if node is None:
            self.left_out.add(path)
        return node

    def _sequence(self, events: Iterator[yaml.Event], path: KeyPath) -> Tree:
        items: list[Tree] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            item = self.node(event, events, (*path, len(items)))
            if item is not None:
                items.append(item)
        return items

    def _mapping(self, events: Iterator[yaml.Event], path: KeyPath) -> Tree:
        mapping: dict[str, Tree] = {}
        seen: dict[str, int] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self._report(path, event, "a key must be one word")
                self._skip(event, events, path)
                self._skip(next(events), events, path)
                continue
            key = str(event.value)
            if key in seen:
                message = f"written twice; the first is on line {seen[key]}"
                self._report((*path, key), event, message)
                self._skip(next(events), events, path)
                continue
            seen[key] = self.lines[(*path, key)] = _line(event)
            value = self.node(next(events), events, (*path, key))
            if value is not None:
                mapping[key] = value
        return mapping

    def _skip(
        self, event: yaml.Event, events: Iterator[yaml.Event], path: KeyPath
    ) -> None:
        """Read over something of which nothing but its length is of interest."""
        _Builder(self.file).node(event, events, path)
