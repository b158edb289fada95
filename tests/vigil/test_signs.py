"""What the machine says of its disk, its memory and its clock."""

from pathlib import Path

from room_monitor.vigil import signs


def test_a_disk_is_nearly_full_when_too_little_or_too_small_a_part_is_free(
    tmp_path: Path,
) -> None:
    assert signs.disk(tmp_path, 0, 0.0) is None
    assert "MiB are free" in str(signs.disk(tmp_path, 1 << 60, 0.0))
    assert "MiB are free" in str(signs.disk(tmp_path, 0, 1.0))


def test_a_disk_that_is_gone_is_told_by_the_store(tmp_path: Path) -> None:
    assert signs.disk(tmp_path / "gone", 1 << 60, 1.0) is None


def test_memory_is_told_when_it_is_too_much(tmp_path: Path) -> None:
    statm = tmp_path / "statm"
    statm.write_text("100000 51200 0 0 0 0 0\n")  # 200 MiB of 4 KiB pages

    assert signs.memory(1 << 40, statm) is None
    assert "of memory, more than 100 MiB" in str(signs.memory(100 << 20, statm))
    assert signs.memory(1, tmp_path / "nothing") is None
    assert signs.memory(1) is not None


def test_a_clock_is_unsure_only_where_somebody_could_say_that_it_is_right(
    tmp_path: Path,
) -> None:
    timesync = tmp_path / "timesync"
    assert signs.clock(timesync) is None
    timesync.mkdir()
    assert "has not set the clock" in str(signs.clock(timesync))
    (timesync / "synchronized").touch()
    assert signs.clock(timesync) is None
