"""From files to settings: everything at once, or every problem at once."""

import hashlib
import json
import posixpath
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from room_monitor.settings.channels import missing_files, read_channels, under
from room_monitor.settings.operation import read_broker, read_storage
from room_monitor.settings.problems import Problem, SettingsError
from room_monitor.settings.requirement_file import read_catalogue
from room_monitor.settings.rota_file import read_rota
from room_monitor.settings.site_file import read_link, read_site
from room_monitor.settings.values import SITE_FILE, Broker, Settings
from room_monitor.settings.vigil import missing_file, read_vigil
from room_monitor.settings.yaml_source import MAX_CHARACTERS, Source, parse
from sensors.profiles import PROFILES

REQUIREMENTS = "requirements"


def load(site_path: Path, *, profiles: Collection[str] = PROFILES) -> Settings:
    """Read the site file and the requirements beside it.

    Relative names of files in it are read from the folder of the site file.

    Args:
        site_path: The site file, usually ``config/site.yaml``.
        profiles: The sensor profiles that devices may name.

    Raises:
        SettingsError: With every problem in every file.
    """
    folder = site_path.parent
    problems: list[Problem] = []
    sources: dict[str, str] = {}
    text = _text_of(site_path, SITE_FILE, problems)
    if text is None:
        raise SettingsError(_named(problems, site_path))
    sources[SITE_FILE] = text
    site = parse(SITE_FILE, text)
    for name in _requirement_files(site, folder, problems):
        found = _text_of(folder / name, name, problems)
        if found is not None:
            sources[name] = found
    try:
        settings = _read(sources, profiles, complete=not problems)
    except SettingsError as error:
        problems.extend(error.problems)
        raise SettingsError(_named(problems, site_path)) from None
    broker = settings.broker.under(folder)
    channels = under(settings.channels, folder)
    problems.extend(_missing_files(broker, site))
    problems.extend(missing_files(channels, site))
    vigil = settings.vigil.under(folder)
    problems.extend(missing_file(vigil, site))
    if problems:
        raise SettingsError(_named(problems, site_path))
    return replace(settings, broker=broker, channels=channels, vigil=vigil)


def load_sources(
    sources: Mapping[str, str], *, profiles: Collection[str] = PROFILES
) -> Settings:
    """Read settings from the texts themselves; touches no file.

    Args:
        sources: The text of ``site.yaml`` and of every file of requirements.
        profiles: The sensor profiles that devices may name.

    Raises:
        SettingsError: With every problem in every text.
    """
    return _read(sources, profiles, complete=True)


def _read(
    sources: Mapping[str, str], profiles: Collection[str], *, complete: bool
) -> Settings:
    parsed = {name: parse(name, text) for name, text in sources.items()}
    problems = [problem for source in parsed.values() for problem in source.problems]
    readable = [s for s in parsed.values() if s.lines or not s.problems]
    site_source = next((s for s in readable if s.file == SITE_FILE), None)
    if SITE_FILE not in parsed:
        problems.append(Problem(SITE_FILE, None, "", "there is no such file"))
    others = sorted((s for s in readable if s.file != SITE_FILE), key=lambda s: s.file)
    site = site_source and read_site(site_source, profiles, problems)
    broker = site_source and read_broker(site_source, problems)
    storage = site_source and read_storage(site_source, problems)
    channels = read_channels(site_source, problems) if site_source else {}
    rota = site_source and read_rota(site_source, problems)
    vigil = site_source and read_vigil(site_source, problems)
    complete = complete and len(readable) == len(parsed)
    catalogue = read_catalogue(others, problems, complete=complete)
    if problems or not (site and broker and storage and rota and vigil and catalogue):
        raise SettingsError(problems)
    return Settings(
        site=site,
        catalogue=catalogue[0],
        facts=catalogue[1],
        broker=broker,
        storage=storage,
        channels=channels,
        rota=rota,
        link=read_link(site_source) if site_source else None,
        vigil=vigil,
        sources=dict(sources),
        hash=_hash(sources),
    )


def _hash(sources: Mapping[str, str]) -> str:
    text = json.dumps(dict(sources), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _text_of(path: Path, name: str, problems: list[Problem]) -> str | None:
    """The text of a file, or ``None`` after saying why there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_CHARACTERS + 1)
        if len(content) > MAX_CHARACTERS:
            message = f"larger than {MAX_CHARACTERS >> 20} MiB"
        else:
            return content.decode("utf-8-sig")
    except FileNotFoundError:
        message = "there is no such file"
    except IsADirectoryError:
        message = f"a folder; name the file in it: {path / SITE_FILE}"
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"not a text file in UTF-8 (byte {error.start}, line {line})"
    except (OSError, ValueError) as error:
        message = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    problems.append(Problem(name, None, "", message))
    return None


def _requirement_files(
    site: Source, folder: Path, problems: list[Problem]
) -> Iterator[str]:
    """The names of the files of requirements, relative to the site file."""
    stated = site.tree.get("requirements") if isinstance(site.tree, dict) else None
    name = stated if isinstance(stated, str) and stated else REQUIREMENTS
    place = site.problem(("requirements",) if stated else (), "")
    try:
        names = sorted(
            each.name
            for each in (folder / name).iterdir()
            if each.suffix in (".yaml", ".yml") and not each.name.startswith(".")
        )
    except (OSError, ValueError):
        message = f"there is no folder '{name}' beside the site file"
        problems.append(replace(place, key="requirements", message=message))
        return
    if not names:
        message = f"there is no .yaml file in the folder '{name}'"
        problems.append(replace(place, key="requirements", message=message))
    yield from (posixpath.join(PurePosixPath(name), each) for each in names)


def _missing_files(broker: Broker, site: Source) -> Iterator[Problem]:
    named = {("broker", "password_file"): broker.password_file}
    if broker.tls is not None:
        tls = broker.tls
        for key, path in (("ca", tls.ca), ("cert", tls.cert), ("key", tls.key)):
            named["broker", "tls", key] = path  # type: ignore[index]
    for place, path in named.items():
        if path is not None and not path.is_file():
            yield site.problem(place, f"there is no file '{path}'")


def _named(problems: list[Problem], site_path: Path) -> list[Problem]:
    """The same problems, under file names as seen from where the command was given."""
    return [
        problem.in_file(
            str(
                site_path
                if problem.file == SITE_FILE
                else site_path.parent / problem.file
            )
        )
        for problem in problems
    ]
