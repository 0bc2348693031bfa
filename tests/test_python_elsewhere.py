"""What another module does with a value decides, too: docs/semantics.md, section 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.inventory import Inventory
from refactor.scan.tree import scan_tree
from refactor.settings.types import Settings
from tests.forms import inventory

HOST, OWN = "HOST = '10.43.0.10'\n", "PORT = 80\n"
CLASS = "class S(BaseSettings):\n    host: str = '10.43.0.10'\n    port: int = 80\nsettings = S()\n"
DICT = "CFG = {'host': '10.43.0.10', 'port': 80}\n"

# (settings.py, app/main.py): why the host stays, "" where it may change, and where its port is from
ROWS: dict[str, tuple[str, str, str, str]] = {
    "used as written": (HOST + OWN, "from settings import HOST, PORT\nconnect(HOST, PORT)", "", "sibling"),
    "nobody imports it": (HOST + OWN, "HOST = x\nsock.bind((HOST, 1))", "", "sibling"),
    "another module of that name": (HOST + OWN, "from other import HOST\nsock.bind((HOST, 1))", "", "sibling"),
    "another name of it": (HOST + OWN, "from settings import DEBUG\nsock.bind((HOST, 1))", "", "sibling"),
    "a local name over it": (HOST + OWN, "from settings import HOST\ndef f(HOST):\n    sock.bind((HOST, 1))", "", "sibling"),
    "logged": (HOST + OWN, "import settings\nprint(settings.HOST)", "", "sibling"),
    "does not parse": (HOST + OWN, "from settings import HOST\nsock.bind((HOST, 1)", "", "sibling"),
    "bound": (HOST + OWN, "from settings import HOST\nsock.bind((HOST, 1))", "kept-field", "sibling"),
    "bound under another name": (HOST + OWN, "from settings import HOST as H\nsock.bind((H, 1))", "kept-field", "sibling"),
    "compared": (HOST + OWN, "import settings\nok = settings.HOST == x", "compared", "sibling"),
    "a field of a class that a type names": (HOST + OWN, "from settings import HOST, PORT\nfrom far.lib import coord\nclass Box(coord.Base[Data]):\n    def __init__(self, host=HOST, port=PORT):\n        super().__init__(name=f'x-{host}')\n        self.host = host\n        self.port = port\n    def up(self):\n        connect(self.host, self.port)\nclass Sub(Box):\n    pass\nclass Entity(coord.Coordinated[Sub]):\n    box: Sub", "", "sibling"),
    "a field of a class, looked up": (HOST + OWN, "from settings import HOST, PORT\nfrom far.lib import coord\nclass Box(coord.Base[Data]):\n    def __init__(self, host=HOST, port=PORT):\n        super().__init__(name=f'x-{host}')\n        self.host = host\n        self.port = port\n    def up(self):\n        connect(self.host, self.port)\nclass Entity(coord.Coordinated[Box]):\n    def f(self, box: Box):\n        return seen[Box(HOST).host]", "compared", "sibling"),
    "compared under another name": (HOST + OWN, "import settings as s\nok = s.HOST == x", "compared", "sibling"),
    "parsed": (HOST + OWN, "from .. import settings\nip_address(settings.HOST)", "needs-ip", "sibling"),
    "a block": (HOST + OWN, "from ..settings import HOST\nx = f'{HOST}/32'", "needs-ip", "sibling"),
    "a command": (HOST + OWN, "from settings import HOST\nos.system(f'iptables -s {HOST} -j DROP')", "needs-ip", "sibling"),
    "a field of a class": (CLASS, "from settings import S\ns = S()\nsock.bind((s.host, 1))", "kept-field", "sibling"),
    "a field of an object": (CLASS, "from settings import settings\nok = settings.host in seen", "compared", "sibling"),
    "a field, used as written": (CLASS, "from settings import settings\nconnect(settings.host, settings.port)", "", "sibling"),
    "an entry": (DICT, "from settings import CFG\nok = CFG['host'] == x", "compared", "sibling"),
    "another entry": (DICT, "from settings import CFG\nok = CFG['mode'] == x", "", "sibling"),
    "another port": (HOST + OWN, "from settings import HOST\nu = f'http://{HOST}:15672/'", "shared-port", "sibling"),
    "the port, written again": (HOST + OWN, "from settings import HOST\nu = f'http://{HOST}:80/'", "shared-port", "sibling"),
    "a port of run time": (HOST + OWN, "from settings import HOST\nconnect(HOST, port)", "shared-port", "sibling"),
    "the port in the other module": (HOST, "from settings import HOST\nu = f'http://{HOST}:80/'", "", "open"),
}  # fmt: skip


@pytest.fixture(scope="module")
def cluster() -> Inventory:
    return inventory()


@pytest.mark.parametrize(("settings", "main", "kept", "port_from"), ROWS.values(), ids=ROWS)
def test_other_modules(
    tmp_path: Path, cluster: Inventory, settings: str, main: str, kept: str, port_from: str
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "settings.py").write_text(settings)
    (tmp_path / "app/main.py").write_text(main + "\n")
    (finding,) = [
        finding
        for file in scan_tree(tmp_path, [tmp_path], Settings(), lambda _: cluster).files
        for finding in file.findings
    ]

    assert (finding.kept or "", finding.port_from) == (kept, port_from)


def test_a_third_may_change() -> None:
    assert sum(not kept for _, _, kept, _ in ROWS.values()) * 3 >= len(ROWS)
