"""Which names are those of secrets: `DB_PASSWORD` is, `passwordFile` and `max_tokens` are not."""

# ruff: noqa: E501 - words in rows

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal as OneOf
from typing import TypeAlias

Strength: TypeAlias = OneOf["", "weak", "named", "password"]
"""How surely a name is that of a secret: "weak" needs a value that looks like one, a "password"
may be a bare number too."""

STEM = (
    r"pass|pwd|psk|pw\b|secret|token|cred|key|auth|cookie|jwt|bearer|salt|pepper|hmac|otp|mnemonic"
    r"|sig|dockerc|session|community|kennwort|senha|contrase|wachtwoord|heslo|salasana|parola|[ypkh][._-]?code"
)
"""Matches in every name that could be a secret's, and in few others."""


def set_of(words: str) -> frozenset[str]:
    """Return words with blanks between them as a set."""
    return frozenset(words.split())


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SENTENCE = re.compile(r"[;(){}<>|#]|\s\S+\s\S+\s")
# Words that end like these are secrets' whatever stands before: `pgpassword`, `clientsecret`.
_PASSWORDS = (
    "password", "passwd", "passphrase", "passcode", "passwort", "kennwort", "senha", "contrasena",
    "contrasenha", "motdepasse", "wachtwoord", "heslo", "salasana",
)  # fmt: skip
_ENDS = ("secret", "token", "credential", "apikey", "accesskey", "secretkey", "privatekey")
_PASS = set_of(
    "pass pwd pw psk wpapsk requirepass masterauth rootpw rootpass bindpw storepass keypass dbpass"
    " dbpwd userpass httppass smtppass mysqlpwd adminpass loginpass passw passe contrase parola"
)
_NAMED = set_of(
    "authtoken dockerconfigjson dockercfg authorization bearer jwt pepper hmac mnemonic authkey"
    " signingkey encryptionkey masterkey sharedkey sshkey"
)
_WEAK = set_of(
    "auth cookie creds salt seed pin otp totp sig signature session sessionid community kubeconfig"
)
# `api_key`: these make a key of a lock out of one of a table.
_KEYS = set_of(
    "api access secret private auth signing sign encryption encrypt decryption master shared session"
    " account storage license licence service client ssh deploy tls ssl server ca rsa gpg pgp app"
    " application consumer crypt cipher hmac jwt admin subscription ingest integration webhook"
    " security certificate cert age pem host functions function sas registration wireguard wg pre"
    " preshared datadog dd sentry honeycomb stripe unseal recovery"
)
# `recovery_code`: these make a secret of a code.
_CODES = set_of("recovery backup unlock rescue pairing otp scratch")
# What comes after says where a secret is, how long, how many, of which sort: not what.
_ABOUT = set_of(
    "url urls uri uris host hostname hosts addr address addresses endpoint endpoints server servers"
    " port ports service services name names ref refs reference file files filename path paths dir"
    " directory folder ttl timeout expiry expires expire expiration exp lifetime lifespan age length"
    " len size min max limit limits count counts policy policies type kind id ids algorithm alg"
    " issuer audience prefix suffix header headers field fields enabled enable disabled disable"
    " required rotation interval format mode method methods provider providers store stores scheme"
    " version pattern regex class location mount volume template schema label labels description"
    " hint prompt encoding username user users realm scope scopes lookup generator through manager"
    " engine backend changed updated created date time seconds minutes hours days retries attempts"
    " strength complexity validator validators validation hasher hashers placeholder message error"
    " errors help title page form link selector review request requests response usage budget cost"
    " price window driver csi plugin helper grant authenticator factory index column position space"
    " word domain secure samesite httponly affinity cache refresh algorithms rules rule namespace"
    " renew renewal jitter bytes bits cert certs exists env var variable variables digest mismatch"
    " protection strategy hook hooks support supported handler signature_version projection"
    " projections automount source annotations annotation tracking verify verification"
)
# Directives of nginx, and what Helm's and Kubernetes' own fields call a Secret's name.
_NEVER = set_of(
    "proxy_pass fastcgi_pass uwsgi_pass grpc_pass scgi_pass memcached_pass first_pass"
    " imagepullsecret imagepullsecrets pullsecret pullsecrets"
)
_ALWAYS = set_of("secret_id secretid rediscli_auth id_rsa id_ed25519 id_ecdsa")


@lru_cache(8192)
def strength(name: str) -> Strength:
    """Say how surely a value of this name is a secret; "" for what is not a secret."""
    name = name.rpartition("}}")[2]
    if _SENTENCE.search(name):
        return ""
    name = name.strip("\"'`-_. \t*")
    if name.lower() in _NEVER or name.lower() in _ALWAYS:
        return "named" if name.lower() in _ALWAYS else ""
    words = [word.lower() for word in _WORD.findall(name[-128:])]
    while words and words[-1].isdigit():
        words.pop()
    if not words or words[0] == "existing" or {"existing", "public", "pub"} & {*words[:-1]}:
        return ""
    for at in range(len(words) - 1, -1, -1):
        if found := _of_word(words, at):
            after = words[at + 1 :]
            about = _ABOUT.intersection((*after, *(word.removesuffix("s") for word in after)))
            keyed = "key" in words[at + 1 :] and found != "weak"
            keyed |= words[at - 1 : at + 1] == ["secret", "key"] and "password" in words[: at - 1]
            return "" if about or keyed or _counts(words, at) else found
    return ""


def _of_word(words: list[str], at: int) -> Strength:
    word = words[at]
    single = word.removesuffix("s") if len(word) > 4 and word != "pass" else word
    if single.endswith(_PASSWORDS) or word in _PASS or single in _PASS:
        return "password"
    if single.endswith(_ENDS) or single in _NAMED:
        return "named"
    if single in ("key", "keys") and at and words[at - 1] in _KEYS:
        return "named"
    if single in ("code", "codes") and at and words[at - 1] in _CODES:
        return "named"
    return "weak" if single in _WEAK or word in _WEAK else ""


def _counts(words: list[str], at: int) -> bool:
    """`max_tokens` and `image pull secrets` count, or name, what they are about."""
    before = {*words[:at]}
    if before & {"max", "min", "num", "total", "count", "per", "prompt", "completion"}:
        return True
    return words[at].startswith("secret") and bool(before & {"pull", "image", "inject"})


def is_collection(name: str) -> bool:
    """Say whether all that stands below this name is secret: `passwords`, `apiKeys`."""
    words = [word.lower() for word in _WORD.findall(name[-128:])]
    return bool(words) and words[-1].endswith("s") and strength(name) in ("named", "password")
