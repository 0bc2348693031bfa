"""Secrets that are known by their looks, or by the command that takes them, in any text."""

# ruff: noqa: E501 - a pattern is a row

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from refactor.secret.values import is_random
from refactor.text.view import Span


class Shape(NamedTuple):
    """One way in which a secret shows."""

    name: str
    needles: tuple[str, ...]
    pattern: str


_GAP = r"(?:[\s\"',\\]|(?<=\s)-(?=\s)){1,40}"
"""What parts two words of a command: blanks, the commas of an array, the dashes of a list."""
_ARG = r"(?P<secret>(?!-{1,2}[a-z])[^\s\"',;|&<>$(){}\\][^\s\"',;|&<>]*)"
_BEFORE = r"(?<![\w/-])"


def _command(programs: str, flags: str, argument: str = _ARG, most: int = 300) -> str:
    return rf"{_BEFORE}(?:{programs})(?![\w.-])(?:[^\n|;&\\]|\\\r?\n|\\.){{0,{most}}}?{_GAP}(?:{flags}){argument}"


def _listed(programs: str, flags: str) -> str:
    """As `_command`, its words one below the other."""
    return rf"[-\"' \t](?:{programs})[\"']?\r?\n(?:[ \t]*-[ \t][^\n]{{0,100}}\n){{0,8}}?[ \t]*-[ \t]+[\"']?(?:{flags}){_ARG}"


_SHAPES = (
    # Of URLs and DSNs
    Shape("password of a URL", ("://",), r"\b[a-z][a-z0-9+.-]{0,40}:(?://|\\/\\/)[^\s/@:'\"<>]{0,128}:(?P<secret>(?!\$\{)[^\s/'\"<>]+)(?=@)"),
    Shape("password with a slash", ("://",), r"\b[a-z][a-z0-9+.-]{0,40}://[^\s/@:'\"<>]{1,128}:(?P<secret>(?!\d{1,5}[/?])[^\s@:'\"<>?]{1,128})(?=@[\w.\[-])"),
    Shape("token as a user", ("://",), r"\b[a-z][a-z0-9+.-]{0,40}://(?P<secret>(?=[\w-]{0,128}\d)(?=[\w-]{0,128}[a-z])[\w-]{16,256})(?=@)"),
    Shape("Go DSN", ("@tcp", "@udp", "@unix", "@("), r"(?<![\w/.-])[\w.-]{1,64}:(?P<secret>[^\s@:/'\"]+)(?=@(?:tcp|udp|unix)?\()"),
    Shape("user:password@host", ("@",), r"(?<![\w/.:@-])(?!(?:git|mailto|image|acct|xmpp|sip):)[a-z_][\w.+-]{0,64}:(?P<secret>(?!sha\d)[^\s@:/'\"{}$,]{3,128})(?=@(?!sha\d)[\w.-]{1,253}(?::\d|/|[\s\"']|\Z))"),
    Shape("Oracle", ("oracle", "sqlplus"), r"(?:oracle:\w+:|sqlplus\s+)[\w.-]{1,64}/(?P<secret>[^\s/@:\"']+)@"),
    Shape("Slack webhook", ("hooks.slack.com/",), r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[\w/-]+)"),
    Shape("Discord webhook", ("/api/webhooks/",), r"discord(?:app)?\.com/api/webhooks/\d+/(?P<secret>[\w-]+)"),
    Shape("Teams webhook", ("office.com/webhook",), r"office\.com/webhook\w{0,3}/(?P<secret>[^\s\"']+)"),
    Shape("Telegram bot", ("bot",), r"\bbot(?P<secret>\d{8,10}:[\w-]{30,})"),
    # Of requests
    Shape("authorization", ("authorization",), r"(?<![\w./-])(?:proxy-)?authorization(?=[\s\"'`:=,\]])[\"'`]?\]?\s{0,4}[:=,]?>?\s{0,4}(?:\r?\n?[ \t]{0,40}value:\s*)?[f\"'`]{0,2}(?:(?:bearer|basic|token|digest|apikey|api-key|key|negotiate|ntlm|splunk|snowflake|aws4-hmac-sha256|bot|oauth|genie-?key|jwt|sso-key|discogs|hawk|mac)[ :=]\s{0,4})?(?P<secret>(?![\"'`\[({$<|>:=]|bearer\b|basic\b|token\b|true\b|false\b|enabled\b|none\b|null\b|mode\b|policy|rbac|node\b|webhook\b)[^\s\"'`,;&<>{}]{3,}(?<![):]))"),
    Shape("bearer", ("bearer", "basic"), r"\b(?:bearer|basic)\s{1,4}(?P<secret>(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{8,}=*)"),
    Shape("token in a header", ("token ",), r"[\"'\s:]token\s(?P<secret>(?=[\w.-]{0,200}\d)(?=[\w.-]{0,200}[a-z])[\w.-]{16,})"),
    Shape("cookie", ("cookie:",), r"\b(?:set-)?cookie:\s{0,4}(?P<secret>[\w.-]{1,64}=[^\"'`\n]{1,4096})"),
    Shape("curl -u", ("-u", "--user", "--proxy-user"), r"(?<!\S)[\"']?(?:-u|--(?:proxy-)?user)[ =\"',]{0,6}[^\s:@/\"']{1,64}:(?P<secret>(?!\d+(?:[\s\"']|\Z))(?![$:])[^\s\"']+)"),
    Shape("httpie", ("http",), _command("https?|xh", "-a|--auth", r"[ =\"',]{1,6}[\w.@-]{1,64}:(?P<secret>[^\s\"']+)")),
    # Of commands
    Shape("mysql -p", ("mysql", "maria"), _command(r"mysql\w*|mariadb(?:-\w+)?", "-p")),
    Shape("mysql -p, listed", ("mysql", "maria"), _listed(r"mysql\w*|mariadb(?:-\w+)?", "-p")),
    Shape("redis-cli -a", ("redis-cli", "keydb-cli", "valkey-cli"), _command(r"(?:redis|keydb|valkey)-cli", "-a" + _GAP)),
    Shape("redis-cli -a, listed", ("redis-cli",), _listed(r"redis-cli", "-a[\"']?\r?\n[ \t]*-[ \t]+[\"']?")),
    Shape("sshpass", ("sshpass",), _command("sshpass", rf"-p(?:{_GAP})?")),
    Shape("mongo -p", ("mongo",), _command(r"mongo\w*", "-p" + _GAP)),
    Shape("login -p", ("login",), _command(r"(?:docker|podman|buildah|skopeo|nerdctl|az|oc|crane|helm registry|cf|ibmcloud)\s(?:[\w-]+\s)?login", "-p" + _GAP)),
    Shape("vault login", ("vault",), rf"{_BEFORE}vault\s+login\s+(?:-[\w=-]+\s+){{0,4}}(?P<secret>[\w.-]{{8,}})"),
    Shape("vault kv put", ("vault",), rf"{_BEFORE}vault\s+(?:kv\s+(?:put|patch)|write)\s[^\n]{{0,200}}?\s(?P<secret_key>[\w.-]+)=(?P<secret>[^\s\"'@]+)"),
    Shape("from-literal", ("from-literal",), r"create\s+secret\s[^\n]{0,300}?--from-literal[= ][\"']?[\w.-]+=(?P<secret>[^\s\"'$]+)"),
    Shape("ldap -w", ("ldap",), _command(r"ldap\w+", "-w" + _GAP)),
    Shape("smbclient", ("smb", "cifs", "net "), r"-U[ =\"']{1,4}[\w.\\/-]{1,64}%(?P<secret>[^\s\"']+)"),
    Shape("sqlcmd -P", ("sqlcmd", "bcp", "ipmitool"), _command("sqlcmd|bcp|ipmitool", rf"-(?-i:P)(?:{_GAP})?")),
    Shape("RDP", ("/p:",), r"(?<=\s)/p:[\"']?(?P<secret>[^\s\"']+)"),
    Shape("rclone", ("rclone",), rf"{_BEFORE}rclone\s+config\s+(?:create|update)\s[^\n]{{0,300}}?\s\w*(?:secret|pass|token)\w*[ =]{_ARG}"),
    Shape("AUTH", ("auth ",), rf"(?:[\"']AUTH\s+|{_BEFORE}(?:redis|keydb|valkey)-cli\s(?:[^\n|;&]{{0,200}}\s)?auth\s+)(?:default\s+)?(?P<secret>[^\s\"'\\;|&]+)(?=[\s\"'\\;|&]|\Z)"),
    Shape("db.auth", ("db.auth(",), r"\bdb\.auth\(\s*\\?[\"'][^\"'\n]{1,64}[\"']\s*,\s*\\?[\"'](?P<secret>[^\"'\n\\]+)"),
    Shape("unzip -P", ("zip",), _command("unzip|zip", "-P" + _GAP)),
    Shape("7z -p", ("7z",), _command("7z[ar]?", "-p")),
    Shape("htpasswd -b", ("htpasswd",), rf"{_BEFORE}htpasswd\s+-\w*b\w*\s+(?:[^\s-]\S*\s+)?[^\s-]\S*\s+(?P<secret>[^\s;|&>]+)"),
    Shape("chpasswd", ("chpasswd",), r"(?<![^\s\"'])[\w.-]{1,32}:(?P<secret>[^\s\"'|]{1,200})[\"']?\s*\|\s*(?:sudo\s+)?chpasswd"),
    Shape("echo into stdin", ("--password-stdin", "passwd", "sudo -s", "kinit", "cryptsetup", "--passphrase-fd"), r"(?:echo|printf)\s+(?:-\w\s+)?[\"']?(?P<secret>[^\s\"'|$]+)[\"']?\s*\|\s*[^\n|]{0,200}?(?:--password-stdin|passwd --stdin|sudo -S|\bkinit\b|smbpasswd|cryptsetup|--passphrase-fd)"),
    Shape("openssl pass:", ("pass:",), r"(?<![\w-])pass:(?P<secret>[^\s\"'$]+)"),
    Shape("rabbitmqctl", ("rabbitmqctl",), rf"{_BEFORE}rabbitmqctl\s[^\n]{{0,100}}?(?:add_user|change_password|authenticate_user){_GAP}[^\s\"',]{{1,64}}{_GAP}{_ARG}"),
    Shape("snmp", ("snmp",), _command(r"snmp\w+", rf"-[cAX]{_GAP}")),
    Shape("cqlsh -p", ("cqlsh", "influx", "arangosh", "isql", "cypher-shell"), _command("cqlsh|influx|arangosh|isql|cypher-shell", "-p" + _GAP)),
    Shape("useradd -p", ("useradd", "usermod"), _command("useradd|usermod", "-p" + _GAP)),
    Shape("ssh-keygen -N", ("ssh-keygen",), _command("ssh-keygen", "-(?-i:[NP])" + _GAP)),
    Shape("openssl -k", ("openssl",), _command("openssl", "-(?-i:[kK])" + _GAP)),
    Shape("neo4j-admin", ("set-initial-password",), rf"set-initial-password{_GAP}{_ARG}"),
    Shape("vault unseal", ("unseal",), rf"{_BEFORE}vault\s+(?:operator\s+)?unseal\s+(?P<secret>[\w+/=]{{8,}})"),
    Shape("nmcli", ("nmcli",), _command("nmcli", rf"(?:password|wifi-sec\.psk|802-11-wireless-security\.psk){_GAP}")),
    Shape("wpa_passphrase", ("wpa_passphrase",), rf"{_BEFORE}wpa_passphrase\s+[^\s=]{{1,64}}\s+{_ARG}"),
    Shape("net use", ("net use",), r"\bnet\s+use\s+(?:[a-z*]:?\s+)?\\\\\S{1,256}\s+(?P<secret>(?!/)[^\s/*][^\s]*)"),
    Shape("here-string", ("<<<",), r"\b(?:kinit|passwd|smbpasswd|cryptsetup|sudo\s+-S|su|gpg|(?:docker|helm|podman)\s[^\n<]{0,200}--password-stdin|read\s[^\n<]{0,64}(?:pass|pwd|secret|token)\w{0,64})(?:\s[^\n<]{0,200})?<<<\s*[\"']?(?P<secret>[^\s\"'$]+)"),
    Shape("ConvertTo-SecureString", ("securestring",), r"ConvertTo-SecureString\s+(?:-String\s+)?[\"'](?P<secret>[^\"'\n$]+)[\"']"),
    Shape("mosquitto -P", ("mosquitto",), _command(r"mosquitto\w+", "-P" + _GAP)),
    Shape("mc alias", ("mc ",), rf"{_BEFORE}mc\s+(?:alias\s+set|config\s+host\s+add)\s+\S{{1,64}}\s+\S{{1,256}}\s+\S{{1,128}}\s+(?P<secret>[^\s\"']+)"),
    Shape("aws configure", ("aws",), rf"{_BEFORE}aws\s+configure\s+set\s+\S*(?:secret|token)\S*\s+(?P<secret>[^\s\"'$]+)"),
    Shape("curl -b", ("curl",), _command("curl", "(?:-b|--cookie)" + _GAP, r"(?P<secret>[^\s\"'=]{1,128}=[^\"'\n]{1,2000})")),
    Shape("Redis sentinel", ("auth-pass",), r"\bauth-pass\s+[\w.-]+\s+(?P<secret>\S+)"),
    Shape("lftp", ("ftp",), _command(r"lftp|ncftp\w*", rf"-u(?:{_GAP})?[^\s,\"']{{1,64}},")),
    Shape("psql -W", ("pgpassword",), r"pgpassword[\"']?\s*[=:]\s*[\"']?(?P<secret>[^\s\"'$]+)"),
    Shape("SQL", ("identified", "password"), r"\b(?:identified\s+(?:with\s+\w+\s+)?by(?:\s+password)?|(?:with|encrypted|role|user)\s[^;\n]{0,80}?\bpassword|set\s+password\s(?:for\s[^\s=]{1,128}\s*)?=)\s*(?:password\()?(?P<secret>'[^'\n]*'|\"[^\"\n]*\")"),
    # Directives and files of their own
    Shape("netrc", ("machine", "login"), r"\b(?:machine|default|login)\s[^#]{0,200}?\b(?:password|account)\s+(?P<secret>[^\s#\"']+)"),
    Shape("haproxy", ("insecure-password", "stats auth"), r"\b(?:insecure-password\s+|stats\s+auth\s+[^\s:]+:)(?P<secret>\S+)"),
    Shape("SNMP user", ("createuser",), r"\bcreateUser\s+\S{1,64}\s+(?:MD5|SHA[\d-]*)\s+(?P<secret>[^\n]+)"),
    Shape("haproxy user", ("user ",), r"^[ \t]*user\s+\S{1,64}\s+password\s+(?P<secret>\S+)"),
    Shape("Redis ACL", ("user ",), r"^[ \t]*user\s+\S{1,64}\s[^\n]{0,100}?[>#](?P<secret>[^\s~&+]{3,})"),
    Shape("SNMP community", ("community",), r"\b(?:ro|rw|trap)?community6?\s+(?P<secret>[^\s\"':=]+)"),
    Shape("npmrc", ("_auth", "_password"), r":_(?:authtoken|auth|password)\s*=\s*(?P<secret>[^\s$][^\s]*)"),
    Shape("WireGuard", ("privatekey", "presharedkey"), r"\b(?:privatekey|presharedkey)\s*=\s*(?P<secret>[\w+/]{42,43}=?)"),
    Shape("redis requirepass", ("requirepass", "masterauth", "requirepass"), rf"\b(?:requirepass|masterauth){_GAP}{_ARG}"),
    # Tokens by their makers' marks
    Shape("private key", ("private key", "openssh private", "putty"), r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----(?P<secret>.{1,20000}?)(?=-----END|\Z|\n---\s*\n)"),
    Shape("JWT", ("eyj",), r"(?<![\w+/-])(?P<secret>eyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)?)"),
    Shape("docker config", ("eyj", "ewog", "ewo"), r"(?<![\w+/])(?P<secret>(?:eyJhdXRo|ewoJImF1dGh|ewogICJhdXRo|ewogICAgImF1dGh)[\w+/]{8,}=*)"),
    Shape("AWS key", ("akia", "asia", "aroa", "abia", "acca"), r"\b(?P<secret>(?-i:AKIA|ASIA|ABIA|ACCA)(?-i:[A-Z0-9]){16})\b"),
    Shape("GitHub", ("gh", "github_pat"), r"\b(?P<secret>gh[pousr]_\w{16,}|github_pat_\w{20,})"),
    Shape("GitLab", ("gl",), r"\b(?P<secret>gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|agent|imt|oas)-[\w.-]{8,})"),
    Shape("Slack", ("xox", "xapp"), r"\b(?P<secret>(?:xox[a-z]|xapp|xoxe\.xox[bp])-[\w-]{8,})"),
    Shape("Stripe", ("_live_", "_test_", "whsec_"), r"\b(?P<secret>(?:sk|rk|pk)_(?:live|test)_\w{8,}|whsec_[\w+/]{16,})"),
    Shape("Google", ("aiza", "ya29", "gocspx", "1//0"), r"(?<![\w-])(?P<secret>AIza[\w-]{30,}|ya29\.[\w-]{16,}|GOCSPX-[\w-]{16,}|1//0[\w-]{20,})"),
    Shape("SendGrid", ("sg.",), r"\b(?P<secret>(?-i:SG)\.[\w-]{12,}\.[\w-]{12,})"),
    Shape("Mailgun", ("key-",), r"\b(?P<secret>key-[0-9a-f]{32})\b"),
    Shape("packages", ("npm_", "pypi-", "rubygems_", "dckr_"), r"\b(?P<secret>npm_\w{30,}|pypi-[\w-]{30,}|rubygems_[0-9a-f]{32,}|dckr_pat_[\w-]{16,})"),
    Shape("clouds", ("dop_v1", "doo_v1", "dapi", "nrak", "nrii", "tskey", "ibm"), r"\b(?P<secret>do[opr]_v1_[0-9a-f]{32,}|dapi[0-9a-f]{32}|NR(?:AK|II|AL)-[\w-]{16,}|tskey-[\w-]{10,})"),
    Shape("Vault", ("hvs.", "hvb.", "hvr.", "s."), r"(?<![\w.])(?P<secret>hv[sbr]\.[\w-]{20,}|(?-i:s)\.(?=[\w]*\d)(?=[\w]*[A-Z])[A-Za-z0-9]{24})(?![\w.])"),
    Shape("models", ("sk-", "hf_", "r8_", "gsk_"), r"\b(?P<secret>sk-[\w-]{20,}|hf_[A-Za-z]{30,}|r8_\w{30,}|gsk_\w{30,})"),
    Shape("shops", ("shp", "sq0", "eaac", "atatt", "lin_api", "figd_", "pmak", "glsa_", "glc_", "pat-", "sntrys"), r"\b(?P<secret>shp(?:at|ss|ca|pa)_[0-9a-f]{32}|sq0\w{3}-[\w-]{20,}|EAAC\w{20,}|ATATT3[\w=-]{20,}|lin_api_\w{20,}|figd_[\w-]{20,}|PMAK-[\w-]{20,}|gls?a?c?_\w{20,}|sntrys_[\w+/=-]{20,})"),
    Shape("age", ("age-secret-key",), r"(?P<secret>AGE-SECRET-KEY-1\w+)"),
    Shape("hashes of passwords", ("$2", "$1$", "$5$", "$6$", "$apr1$", "$argon2", "$y$", "{ss", "{sha", "pbkdf2", "scram-sha", "$7$"), r"(?P<secret>\$2[abxy]?\$\d\d\$[./\w]{20,}|\$(?:1|5|6|7|y|apr1|argon2\w*)\$[^\s\"',:]{8,}|\{S?SHA\d*\}[\w+/=]{8,}|\$?pbkdf2[\w-]{0,64}[$:][^\s\"',]{16,}|SCRAM-SHA-\d+\$\d+:[^\s\"']+)"),
    # Windows and .NET, whose values may hold blanks
    Shape("connection string", ("password=", "pwd=", "password =", "accountkey=", "sharedaccesskey=", "accesskey="), r"(?<=[;\"'= ])(?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature|accesskey)\s?=\s?(?P<secret>[^;\"'\n$&]{1,200}?)(?=\s*(?:;|\"|'|\n|\Z))(?=[^\n]{0,400}[;\"'])"),
)  # fmt: skip

# What stands beside a word drawn by lot, where it is no secret.
_OPEN = re.compile(
    r"(?:sha\d*|sri|digest|checksum|integrity|hash|cert\w*|crt|ca|ca-?bundle|caBundle|bundle|data|public\w*|pub"
    r"|fingerprint|etag|uuid|guid|id|ids|image|nonce|commit|rev|revision|version|resolved|encrypted\w*|ssh-\w+"
    r"|ecdsa\S*|signature|content|icon|logo|src|href|url|path|file|name)[\"'\s]*[-:=,\s@/.]*[\"'\s]*\Z",
    re.IGNORECASE,
)
_RANDOM = re.compile(r"(?<![\w+/=.@:-])[A-Za-z0-9+/_-]{32,128}={0,2}(?![\w+/.@-])")


@cache
def _compiled(at: int) -> re.Pattern[str]:
    """Compile one when a text has what it needs: most are asked nowhere."""
    shape = _SHAPES[at]
    lines = re.DOTALL if shape.name == "private key" else re.NOFLAG
    return re.compile(shape.pattern, re.IGNORECASE | re.MULTILINE | lines)


_NEEDLES = tuple((needle, at) for at, shape in enumerate(_SHAPES) for needle in shape.needles)


def shaped(text: str) -> Iterator[Span]:
    """Yield where secrets stand that show what they are."""
    lowered = text.lower()
    asked = {at for needle, at in _NEEDLES if needle in lowered}
    for at in sorted(asked):
        for match in _compiled(at).finditer(text):
            yield Span(*match.span("secret"))


def random_words(text: str) -> Iterator[Span]:
    """Yield words that look drawn by lot, and are not called a digest or a certificate."""
    for match in _RANDOM.finditer(text):
        word = match[0]
        if is_random(word) and "/" not in word[:1] and not _is_path(word):
            line = text[
                max(0, text.rfind("\n", 0, match.start()) + 1, match.start() - 80) : match.start()
            ]
            if not _OPEN.search(line):
                yield Span(*match.span())


def _is_path(word: str) -> bool:
    return word.count("/") + word.count("-") + word.count("_") > 3
