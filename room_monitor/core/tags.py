"""Under which name does a tag stand in the log? Never under its own.

Whoever knows the identity of a tag can write it on a blank one, so it is kept out of the
log and out of the site file. The name is a pseudonym, not a secret: it tells tags apart
and says nothing by itself, but somebody who holds a list of the tags can tell which is
which. Who carries a tag stands in the site file only.
"""

import re
from collections.abc import Iterable
from hashlib import blake2s

_PSEUDONYM = re.compile(r"[0-9a-f]{8}")


def pseudonym(tag: str) -> str:
    """The name in the log of a tag: 8 hexadecimal digits in lower case.

    Readers write the same tag as ``04:A2:B9:1C``, ``04a2b91c`` and ``04A2B91C``; what is
    hashed is upper case without separators, so that these are one tag.

    Args:
        tag: Its identity as the reader sends it; not empty.
    """
    plain = "".join(each for each in tag if each.isalnum()).upper()
    return blake2s((plain or tag).encode(), digest_size=4).hexdigest()


def pseudonyms(written: Iterable[str]) -> frozenset[str]:
    """The names in the log of the tags of a person, as the site file has them.

    The site file should hold pseudonyms, as ``room-monitor events`` shows them when a tag
    is presented. Eight digits could be either a pseudonym or an identity: both readings
    are taken, for a tag that is read wrongly would become somebody else's, or nobody's.
    """
    found = set()
    for each in written:
        found.add(pseudonym(each))
        if _PSEUDONYM.fullmatch(each.lower()):
            found.add(each.lower())
    return frozenset(found)
