"""What the name of a call says of its arguments: it listens, it asks a database, it is a mock."""

from __future__ import annotations

import re

from refactor.scan.python.tree import by_name
from refactor.text.key_words import spelled

LISTENS = "listens"
"""The tag of what a program listens on."""
COMPARED = "compare"
HASHED = "hashed"
"""The tag of what a program takes a hash of."""
FILE_NAME = "file-name"
"""The tag of what is part of a file's name."""
HEADER = "header"
"""The tag of what a program writes into a header that names a host."""
NEEDS_IP = "call:ip_address"
"""The tag of what a type, or a converter, takes for an IP."""
_IP_TYPE = re.compile(
    r"(?:.*\.)?(?:IPv[46](?:Address|Network|Interface)?|ip_(?:address|network|interface)|INET|CIDR"
    r"|IPvAny\w+|IPAddress\w*|GenericIPAddressField|inet_aton|validate_ipv\w+_address)"
)
_HEADERS = frozenset({"host", "origin", "referer", "x-forwarded-for", "x-forwarded-host"})

_SERVER = re.compile(r"(?:^|_)(?:server|listener|daemon)$")
_LISTENS = re.compile(r"(?:^|_)(?:listen|listening|listens|serve|serving|bind|binds)(?:_|$)")
# `Server("ldap.example")` of a client library; `add_server`, `connect_to_server`.
_CLIENT = re.compile(r"(?:ldap3|jenkins|couchdb|ldap)\..*|.*\.server")
_STARTS = frozenset({"start", "make", "create", "run", "new", "build", "launch", "init"})
_APP = re.compile(r"(?:^|_)(?:app|application|api|server|socketio|uvicorn|web|bot|ui)$")
_OWN_KEYWORDS = frozenset({"host", "hostname", "address", "addr", "ip", "bind", "interface"})
_OWN_KEYWORDS |= {"server_address", "server_name", "listen", "listen_address", "bind_address"}
_LOCAL_END = frozenset({"interface", "local_addr", "local_address", "local_host", "local_ip"})

_QUERIES = re.compile(
    r".+\.(?:filter|filter_by|exclude|find_one|find_many|find_one_and_\w+|count_documents"
    r"|delete_one|delete_many|update_one|update_many|labels|where|get_or_create|update_or_create)"
    r"|.+\]?\.find|.+\.objects\.get"
)
_EXECUTES = re.compile(r".+\.(?:execute\w*|fetch(?:row|val|one|all)?|raw|text)")
_MOCKS = re.compile(
    r"(?:.*\.)?(?:mock|mocker)\.patch(?:\.\w+)?"
    r"|(?:responses|requests_mock|respx|httpretty|pook|aioresponses\(?\)?|vcr)\..+"
)
_COMPARED_WORDS = frozenset({"tags", "labels", "audience", "issuer", "aud", "iss", "authorities"})
_COMPARED_WORDS |= {"field_selector", "label_selector"}
_HASHES = re.compile(
    r"hash|(?:hashlib|zlib|binascii|mmh3|xxhash)\.\w+|(?:uuid\.)?uuid[35]|(?:.*\.)?crc32"
)
_ENVIRONMENT = re.compile(r"os\.(?:getenv|putenv|environ|system|popen|exec\w*|spawn\w*)")
_FILES = re.compile(r"open|(?:io|codecs|gzip|bz2|os(?:\.path)?|pathlib|shutil)\.\w+|(?:Pure)?Path")


@by_name
def observed(name: str, keyword: str, position: int) -> frozenset[str]:
    """Return the tags of an argument of a call.

    Args:
        keyword: the argument's; "" for a position.
    """
    if _is_compared(name, keyword, position):
        return frozenset({COMPARED})
    if _HASHES.fullmatch(name):
        return frozenset({HASHED})
    if _FILES.fullmatch(name) and not _ENVIRONMENT.fullmatch(name):
        return frozenset({FILE_NAME})
    return frozenset({LISTENS}) if _is_listened_on(name, keyword) else frozenset()


@by_name
def is_ip_type(name: str) -> bool:
    """Say whether a dotted name is that of a type, or a function, that takes an IP and no name."""
    return bool(_IP_TYPE.fullmatch(name))


def put_under(key: str) -> frozenset[str]:
    """Return the tags of what a program puts under a constant key."""
    if key.lower() == "location":
        return frozenset({"location"})
    if key.lower() == "no_proxy":
        return frozenset({"call:environ", "call:environ(no_proxy)"})
    return frozenset({HEADER}) if key[:1].isupper() and key.lower() in _HEADERS else frozenset()


def _is_compared(name: str, keyword: str, position: int) -> bool:
    if keyword in _COMPARED_WORDS or _QUERIES.fullmatch(name) or _MOCKS.fullmatch(name):
        return True
    return position > 0 and bool(_EXECUTES.fullmatch(name))


def _is_listened_on(name: str, keyword: str) -> bool:
    owner, _, last = name.rpartition(".")
    if keyword in _LOCAL_END:
        return True
    if keyword and keyword not in _OWN_KEYWORDS:
        return False
    words = spelled(last)
    if last == "run":
        is_app = not owner or bool(_APP.search(spelled(owner.rpartition(".")[2])))
        return keyword != "" and is_app
    if _SERVER.search(words):
        starts = last[:1].isupper() or words.partition("_")[0] in _STARTS
        return starts and not _CLIENT.fullmatch(name)
    return bool(_LISTENS.search(words))
