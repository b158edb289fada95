"""Every profile reads what its family publishes, and refuses what it cannot use."""

import pytest

from sensors.profiles import PROFILES
from tests.sensors.samples import FOLDER, Sample, read_samples, write_decoded

SAMPLES = read_samples()


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_payload_becomes_what_stands_beside_it(sample: Sample) -> None:
    decoded = PROFILES[sample.profile].decode(sample.topic, sample.payload)

    assert write_decoded(decoded) == sample.expected


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_has_accepted_and_refused_samples(name: str) -> None:
    refused = {sample.refused for sample in SAMPLES if sample.profile == name}

    assert refused == {True, False}


def test_every_sample_belongs_to_a_profile_and_is_complete() -> None:
    names = {path.stem for path in FOLDER.glob("*/*") if path.suffix != ".expected"}
    expectations = {path.stem for path in FOLDER.glob("*/*.expected")}

    assert names == expectations
    assert {folder.name for folder in FOLDER.iterdir()} == set(PROFILES)


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_sample_is_published_where_the_profile_listens(sample: Sample) -> None:
    bases = ("safe-room", "safe-room/climate", "zigbee2mqtt/safe-room")
    filters = [
        topic_filter
        for base in (*bases, "shellyplus-1a2b3c")
        for topic_filter in PROFILES[sample.profile].filters(base)
    ]

    assert any(_matches(topic_filter, sample.topic) for topic_filter in filters)


def _matches(topic_filter: str, topic: str) -> bool:
    wanted, said = topic_filter.split("/"), topic.split("/")
    return len(wanted) == len(said) and all(
        level in ("+", other) for level, other in zip(wanted, said, strict=True)
    )
