"""The arguments of calls: what they are called, and what the call says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from refactor.scan.argv import Argv
from refactor.scan.python.observed import NEEDS_IP, is_ip_type, observed
from refactor.scan.python.places import NO_TAGS, Names, Place, Step
from refactor.scan.python.tree import by_name, constant, dotted, text_operands, whole

LOG = frozenset({"log"})
FLAG = re.compile(r"--?[A-Za-z][\w.-]*\Z")
_HELP = frozenset({"help"})
_COMPARE = frozenset({"compare"})
_PATTERN = frozenset({"pattern"})
_DEFAULT = frozenset({"default"})
_ENVIRON = frozenset({"default", "environ"})
_ARGUMENT = frozenset({"format-args"})
_ITEM = frozenset({"item"})
_NEEDS_IP = frozenset({NEEDS_IP})
_IP_FIELD = re.compile(r"\w*IP6?Field")  # of scapy's packets

# Calls that take a name and what holds where it is not set, and at which place the name stands.
_NAME_AT = {"get": 0, "getint": 0, "setdefault": 0, "pop": 0, "getattr": 1}
_ENVIRON_CALL = re.compile(
    r"os\.environ\.(?:get|setdefault|pop)|os\.getenv|(?:.*\.)?(?:config|env)"
)
_ENVIRON_OWNER = re.compile(r"(?:.*\.)?env")
_A_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z")
# Calls that set a name to a value, and at which place the value stands.
_VALUE_AT = {"setattr": 2, "setenv": 1, "putenv": 1, "option": 1, "setitem": 2, "set_property": 1}
_VALUE_AT |= {"config": 1, "set": 1, "DEFINE_string": 1, "DEFINE_integer": 1, "DEFINE_list": 1}
_VALUE_AT |= dict.fromkeys(("set_header", "add_header", "setHeader", "send_header", "putheader"), 1)
# Of headers; of a set, or a list, they would take one argument.
_VALUE_AT |= dict.fromkeys(("add", "append"), 1)
# Calls whose arguments are the words of a command.
_is_command = whole(r"create_subprocess_exec|subprocess_exec|(?:exec|spawn)lp?e?")
_OPTION = frozenset({"add_argument", "add_option", "option", "argument"})
_FALLBACKS = frozenset({"default", "fallback", "const", "default_factory"})
_FIELD = frozenset({"Field", "Option", "Argument", "Query", "Header"})
# Calls whose one argument goes by the name of their result, and keeps what is known of its place.
_is_conversion = whole(
    r"int|str|float|bytes|list|tuple|set|frozenset|repr|_|gettext|gettext_lazy|dedent"
)
takes_pattern = whole(
    r"(?:re|regex|re2)\.(?:compile|match|search|fullmatch|findall|finditer|split|subn?|escape)"
)
"""Calls whose first argument is a pattern."""
compares = whole(
    r"assert\w*|re\.escape|operator\.(?:eq|ne|contains)"
    r"|.*\.(?:__eq__|__ne__|__contains__|assert\w*|startswith|endswith|removeprefix|removesuffix|replace|remove|discard"
    r"|index|count)"
)
"""Calls that compare their arguments with something."""
tells = whole(
    r"print|pprint|echo|secho|debug|info|warning|warn|error|exception|critical|fatal|log|int|str"
    r"|\w*(?:Error|Exception|Warning|Exit)"
)
"""What a call's last name is that tells of its arguments, or turns them into another type."""
# Calls whose first argument is a key to look up; a URL (`.get` of a client) is not a key.
_LOOKUP = frozenset({"get", "pop", "setdefault", "add", "discard"})
_IS_LOOKUP = frozenset({"lookup"})
_ADDS = frozenset({"append", "appendleft"})
_PROSE = frozenset({"help", "description", "metavar", "epilog", "help_text", "short_help", "usage"})
_PRINT = frozenset({"print", "pprint", "echo", "secho"})
_WARNING = frozenset({"warnings.warn", "sys.exit"})
_EXCEPTION = re.compile(r"\w*(?:Error|Exception|Warning|Exit)")
_LEVEL = re.compile(r"debug|info|warning|warn|error|exception|critical|fatal|log|success|trace")
_LOGGER = re.compile(r"log(?:ger|ging)?|get_?logger\(\)")


class _Called(NamedTuple):
    """A call.

    Attributes:
        node: the call.
        name: the dotted name of what is called, `owner` and `last` its parts.
        place: of the call itself.
        names: of the module.
        role: what is known of every argument.
    """

    node: cst.Call
    name: str
    place: Place
    names: Names
    role: frozenset[str]

    @property
    def owner(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def tags(self) -> frozenset[str]:
        return self.role | {f"call:{self.name}"} if self.name else self.role

    def positional(self) -> list[str]:
        """Return the text of each argument without a keyword, "" for one that is no constant."""
        return [constant(arg.value) for arg in self.node.args if not arg.keyword]


def call(
    node: cst.Call, place: Place, names: Names, role: frozenset[str] = NO_TAGS
) -> Iterator[Step]:
    """Return the places of a call's function and arguments."""
    name = _name(node.func, place, names)
    yield Step(node.func, place)
    called = _Called(node, name, place, names, role | _role(name, node))
    told = (_template(called), _default(called), _named_value(called), _option(called))
    places = next(filter(None, told), None)
    for arg, own in zip(node.args, places or _plain(called), strict=True):
        yield Step(arg.value, own)


def _name(func: cst.BaseExpression, place: Place, names: Names) -> str:
    """Return the dotted name of what is called; what makes a base's object is called as it is."""
    name = dotted(func, names.aliases)
    if name == "super().__init__":
        base = next((names.bases[part] for part in reversed(place.path) if part in names.bases), "")
        return base or name
    return name.removesuffix(".__init__")


def _template(called: _Called) -> list[Place]:
    """`"{}:{}".format("10.0.0.1", 80)`."""
    func = called.node.func
    if called.last != "format" or not isinstance(func, cst.Attribute):
        return []
    if not text_operands(func.value):
        return []
    inner = argument(called.place, called.names)
    return [
        inner.under(arg.keyword.value, inner.scope, inner.tags) if arg.keyword else inner
        for arg in called.node.args
    ]


def argument(place: Place, names: Names) -> Place:
    """Return the place of what fills the holes of a template that stands at a place."""
    return place._replace(scope=next(names.scopes), tags=place.lasting | _ARGUMENT)


def _default(called: _Called) -> list[Place]:
    """`os.environ.get("DB_HOST", "10.0.0.1")`: a literal that stands in for something named."""
    is_environ = bool(
        _ENVIRON_CALL.fullmatch(called.name) or _ENVIRON_OWNER.fullmatch(called.owner)
    )
    at = 0 if is_environ else _NAME_AT.get(called.last)
    words = called.positional()
    keywords = [arg.keyword.value if arg.keyword else "" for arg in called.node.args]
    if "fallback" in keywords and called.last in _NAME_AT:
        at = len(words) - 1  # configparser: get(section, option, fallback=...)
    if at is None or not 0 <= at < len(words) or not _A_NAME.match(words[at]):
        return []
    place, name = called.place, words[at]
    tags = place.tags | called.tags | (_ENVIRON if is_environ else _DEFAULT)
    path = place.path if place.key == name else (*place.path, name)
    own = Place(path, name, place.scope, tags)
    return [
        own if keyword in _FALLBACKS or (not keyword and index == at + 1) else other
        for index, (keyword, other) in enumerate(zip(keywords, _plain(called), strict=True))
    ]


def _option(called: _Called) -> list[Place]:
    """`parser.add_argument("--db-host", default="10.0.0.1")`, `@click.option(...)`."""
    words = [word for word in called.positional() if word]
    if called.last not in _OPTION or not words:
        return []
    flags = [word for word in words if word.startswith("-")]
    name = next((flag for flag in flags if flag.startswith("--")), (flags or words)[0])
    scope = called.names.scope_of(called.place.scope, called.owner)
    own = called.place.under(name, scope, called.tags | _DEFAULT)
    return [
        own if arg.keyword and arg.keyword.value in _FALLBACKS else other
        for arg, other in zip(called.node.args, _plain(called), strict=True)
    ]


def _named_value(called: _Called) -> list[Place]:
    """A name and its value: `setenv("DB_HOST", "10.0.0.1")`, `V1EnvVar(name=..., value=...)`."""
    args = called.node.args
    keywords = [arg.keyword.value if arg.keyword else "" for arg in args]
    at = _VALUE_AT.get(called.last)
    if called.last == "set" and len(args) == 3 and not any(keywords):
        at = 2  # configparser: set(section, option, value)
    if at is not None and len(args) > at and not any(keywords[: at + 1]):
        name = constant(args[at - 1].value)
        owner = f"{called.last.partition('_')[0]}()"
    elif {"name", "value"} <= set(keywords):
        at, owner = keywords.index("value"), ""
        name = constant(args[keywords.index("name")].value)
    else:
        return []
    if not _A_NAME.match(name):
        return []
    scope = called.names.scope_of(called.place.scope, owner)
    own = Place((*called.place.path, name), name, scope, called.tags)
    return [own if index == at else other for index, other in enumerate(_plain(called))]


def _plain(called: _Called) -> list[Place]:
    """Any other call: keywords by their name, the rest by what stands before it."""
    place, tags = called.place, called.tags
    path = (*place.path, f"{called.last}()")
    if called.last in _ADDS and called.owner and len(called.node.args) == 1:
        path = (*place.path, called.owner, "0")  # an item of that list
    inner = Place(path, "", next(called.names.scopes), tags)
    found: list[Place] = []
    flag, argv = "", Argv()
    is_command = _is_command(called.last)
    for index, arg in enumerate(called.node.args):
        keyword = arg.keyword.value if arg.keyword else ""
        if _passes(called, index, keyword):
            own = place._replace(tags=_passed(called, keyword))
        elif keyword:
            said = _HELP if keyword in _PROSE else NO_TAGS
            own = inner.under(keyword, inner.scope, tags | said)
        else:
            own = inner._replace(key=flag)
        word = constant(arg.value)
        flag = word if not keyword and FLAG.match(word) else ""
        seen = observed(called.name, keyword, index) | _looked_for(called, index, keyword)
        if is_command and not keyword:
            own = own._replace(path=(*path, str(index)), tags=own.tags | _ITEM)
            seen |= argv.tags
            argv.add(word)
        found.append(own._replace(tags=own.tags | seen))
    return found


def _passes(called: _Called, index: int, keyword: str) -> bool:
    """Whether an argument goes by the name of the call's own result."""
    if keyword:
        return bool(called.place.key) and keyword in _FALLBACKS
    alone = len(called.node.args) == 1
    if alone and _is_conversion(called.last):
        return True
    return bool(called.place.key) and (alone or (index == 0 and called.last in _FIELD))


def _passed(called: _Called, keyword: str) -> frozenset[str]:
    tags = called.place.tags if _is_conversion(called.last) else called.place.lasting
    return tags | called.tags | (_DEFAULT if keyword else NO_TAGS)


def _looked_for(called: _Called, index: int, keyword: str) -> frozenset[str]:
    is_first = (index == 0 and not keyword) or keyword == "pattern"
    if is_first and takes_pattern(called.name):
        return _PATTERN
    if not is_first or called.last not in _LOOKUP or not called.owner:
        return NO_TAGS
    return NO_TAGS if "://" in "".join(called.positional()[:1]) else _IS_LOOKUP


def _role(name: str, node: cst.Call) -> frozenset[str]:
    """Return what a call says of all its arguments, by its name and by what it is given."""
    said = _name_says(name)
    if said is not _COMPARE and any(is_ip_type(dotted(arg.value, {})) for arg in node.args):
        return _NEEDS_IP
    is_print = said is LOG and name.rpartition(".")[2] in _PRINT
    return NO_TAGS if is_print and _writes_elsewhere(node) else said


@by_name
def _name_says(name: str) -> frozenset[str]:
    owner, _, last = name.rpartition(".")
    if compares(name):
        return _COMPARE
    if _IP_FIELD.fullmatch(last):
        return _NEEDS_IP
    if _EXCEPTION.fullmatch(last) or name in _WARNING or last in _PRINT:
        return LOG
    logger = owner.rpartition(".")[2].lower().strip("_")
    return LOG if _LEVEL.fullmatch(last) and _LOGGER.fullmatch(logger) else NO_TAGS


def _writes_elsewhere(node: cst.Call) -> bool:
    """`print(..., file=config)` writes no message."""
    files = [arg.value for arg in node.args if arg.keyword and arg.keyword.value == "file"]
    return any(not dotted(file, {}).startswith("sys.") for file in files)
