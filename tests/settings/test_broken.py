"""Every mistake that can be made in the files is told with its line and what to write.

One folder in ``broken/`` for each mistake: the files that differ from those in
``broken/good``, and in ``.expected`` the problems as they are printed.
"""

import shutil
from pathlib import Path

import pytest

from room_monitor.settings import SettingsError, load

BROKEN = Path(__file__).parent / "broken"
CASES = sorted(p.name for p in BROKEN.iterdir() if p.is_dir() and p.name != "good")


def problems_of(site: Path) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load(site)
    return [
        str(problem).replace(f"{site.parent}/", "") for problem in raised.value.problems
    ]


def test_the_files_that_the_broken_ones_differ_from_can_be_used() -> None:
    assert load(BROKEN / "good/site.yaml").site.name == "Test"


@pytest.mark.parametrize("case", CASES)
def test_each_mistake_is_told_as_expected(case: str, tmp_path: Path) -> None:
    folder = tmp_path / case
    shutil.copytree(BROKEN / "good", folder)
    shutil.copytree(BROKEN / case, folder, dirs_exist_ok=True)
    expected = (BROKEN / case / ".expected").read_text("utf-8").splitlines()

    assert problems_of(folder / "site.yaml") == expected
    assert expected


def test_every_problem_of_every_file_is_told_at_once() -> None:
    told = (BROKEN / "nothing_right/.expected").read_text("utf-8").splitlines()

    assert len(told) == 10
    assert {line.partition(":")[0] for line in told} == {
        "site.yaml",
        "requirements/rows.yaml",
    }
