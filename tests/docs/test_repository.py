"""What the documents say of this repository is so, and it says nothing of machines."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ADR = re.compile(r"\bADR[ -]?0*(\d+)\b")
ADR_FILE = re.compile(r"\badr/(\d+)[\w-]*\.md\b")
MAKE = re.compile(r"`(?:[A-Z]+=\S+ )*make (?:[A-Z]+=\S+ )*([a-z][a-z-]*)")
MAKE_BLOCK = re.compile(r"^\$ make ([a-z][a-z-]*)", re.MULTILINE)
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)")

# A letter in brackets, so that this file does not accuse itself.
HOSTS = re.compile(r"py[p]i\.org|python[h]osted|npm[j]s\.|deb\.deb[i]an")
PATHS = re.compile(r"(?<![\w.])/roo[t]/|(?<![\w.])/hom[e]/\w|/wor[k]/")


@cache
def texts() -> dict[Path, str]:
    """Every file that git knows and that is text, by its path in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    found = {}
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        try:
            found[Path(name)] = path.read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, or deleted and not committed yet
    return found


def lines_with(pattern: re.Pattern[str]) -> Iterator[str]:
    for path, text in texts().items():
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                yield f"{path}:{number}: {line.strip()}"


def test_every_decision_that_is_named_exists() -> None:
    named = {
        (int(number), str(path))
        for path, text in texts().items()
        for number in ADR.findall(text) + ADR_FILE.findall(text)
    }
    kept = {int(p.name.split("-")[0]) for p in (ROOT / "docs/adr").glob("[0-9]*.md")}

    assert sorted((number, path) for number, path in named if number not in kept) == []


def test_decisions_are_numbered_without_gaps_and_have_every_part() -> None:
    files = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))

    assert [int(p.name.split("-")[0]) for p in files] == list(range(1, len(files) + 1))
    for path in files:
        headings = re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)
        assert headings == [
            "Context",
            "Decision",
            "Consequences",
            "How we know it holds",
        ], path.name


def test_tests_that_a_decision_names_exist() -> None:
    lost = [
        f"{path.name}: {file}::{name}"
        for path in sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
        for file, name in re.findall(
            r"(tests/[\w/]+\.py)(?:::(\w+))?", path.read_text("utf-8")
        )
        if not (ROOT / file).exists() or f"def {name}" not in (ROOT / file).read_text()
    ]

    assert lost == []


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_is_named_exists(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))

    assert set(MAKE.findall(text) + MAKE_BLOCK.findall(text)) <= targets


def test_every_make_target_is_described() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    described = set(MAKE.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8")))

    assert targets - described == {"help"}


def test_links_between_documents_lead_somewhere() -> None:
    lost = [
        f"{path}: {target}"
        for path, text in texts().items()
        if path.suffix == ".md"
        for target in LINK.findall(text)
        if not (ROOT / path.parent / target).exists()
    ]

    assert lost == []


def test_no_file_names_where_packages_come_from() -> None:
    assert list(lines_with(HOSTS)) == []


def test_the_locks_name_no_place_at_all() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        found = [x for x in lines if re.search(r"//| @ |^-(?!-hash=)", x.strip())]
        assert found == [], name


def test_every_locked_package_has_its_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        packages = re.findall(
            r"^[A-Za-z0-9][^\n]*(?:\n {4}[^\n]*)*", text, re.MULTILINE
        )
        assert packages
        assert [p for p in packages if "--hash=sha256:" not in p] == [], name


def test_tests_run_with_the_versions_that_run_in_production() -> None:
    pin = re.compile(r"^([\w.-]+==\S+)", re.MULTILINE)
    run = set(pin.findall((ROOT / "requirements.lock").read_text("utf-8")))

    assert run <= set(pin.findall((ROOT / "requirements-dev.lock").read_text("utf-8")))


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert list(lines_with(PATHS)) == []
