"""Forms in which addresses are written, to be mixed at random.

Each form is a text with `@` where an address with a port goes, and `#` where a bare host goes.
"""

from __future__ import annotations

from hypothesis import strategies as st

from refactor.inventory import Inventory, load
from tests.shop import ITEMS

ADDRESSES = [
    "10.42.1.11:8080",
    "10.42.1.20:5432",
    "10.43.0.10:80",
    "10.42.2.11:9092",
    "10.42.3.9:8443",
]
ADDRESSES += [
    "10.99.0.1:80",
    "127.0.0.1:80",
    "8.8.8.8:53",
    "10.42.1.11:9999",
    "[fd00:10:42::11]:8080",
]
HOSTS = [address.rpartition(":")[0] for address in ADDRESSES]

YAML = [
    "url: http://@/x",
    "url: 'http://@'",
    'url: "postgres://u:p%40@@/db?x=1"  # @',
    "list: [@, '#']",
    "list:\n  - @\n  - #",
    "db:\n  host: #\n  port: 5432",
    "db: {host: '#', port: '5432'}",
    "env:\n  - name: DB_HOST\n    value: '#'\n  - name: DB_PORT\n    value: '5432'",
    "conf: |\n  upstream @;\n  # @\n  x = #\n",
    'json: \'{"host": "#", "url": "http://@"}\'',
    "folded: >-\n  a @\n  b #\n",
    "args: ['-h', '#', '-p', '5432']",
    "a: &a http://@\nb: *a",
    "? @\n: x",
    "version: #",
    "image: @/app",
    "clusterIP: #",
    "'é ü': \"\\u00e9 @ \\n #\"",
    "text: plain @\n  and more #",
    "cidr: #/32",
    "ok: nothing here",
    "\t",
    "broken: [",
]
PYTHON = [
    "URL = 'http://@/x'",
    "URL = f'http://@/{x}'",
    "URL = f'http://#:{port}/'",
    "HOST = '#'\nPORT = 5432",
    "c = connect('#', 5432)",
    "c = connect(host='#', port=5432)",
    "c = ('#', 8080)",
    "u = 'http://' '@' '/x'",
    "u = 'http://' + '@' + path",
    "u = '%s:%d' % ('#', 8080)",
    "b = b'@'",
    "r = r'\\d @'",
    "e = 'é\\n@\\t'",
    "D = {'host': '#', 'port': 5432, '@': 1}",
    "h = os.environ.get('DB_HOST', '#')",
    "def f(host='#', port=5432):\n    '''@'''\n    return host",
    "if host == '#': pass",
    "# @",
    "T = '''\nurl: http://@\nhost: #\n'''",
    "VERSION = '#'",
    "x = 1",
    "print '@'",
]
TEXT = [
    "URL=http://@/x",
    "HOST=#\nPORT=5432",
    'export A="@"',
    "# @",
    "[db]\nhost = #\nport = 5432",
    "proxy_pass http://@;",
]
TEXT += ["curl -h # -p 5432 \\\n  @", "x = '@' ; y", "a: @, #", "key", "é = @"]


def inventory() -> Inventory:
    """The inventory of the small cluster, without a file of its own."""
    import json
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cluster.json"
        path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": ITEMS}))
        return load([path], stdin=lambda: b"")


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file's name and bytes: forms of one language, any line ends, perhaps a byte order mark."""
    name, forms = draw(
        st.sampled_from(
            [("a.yaml", YAML), ("a.py", PYTHON), ("a.env", TEXT), ("templates/a.yaml", YAML)]
        )
    )
    chosen = draw(st.lists(st.sampled_from(forms), max_size=6))
    text = ""
    for form in chosen:
        address, host = draw(st.sampled_from(ADDRESSES)), draw(st.sampled_from(HOSTS))
        comment = form.startswith("#") or "  # " in form
        body = form if comment else form.replace("#", host)
        text += body.replace("@", address) + draw(st.sampled_from(["\n", "\n\n", "\n"]))
    text = text.rstrip("\n") if draw(st.booleans()) else text
    text = text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))
    mark = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
    if draw(st.integers(0, 9)) == 0:
        return name, b"\xff\xfe" + text.encode("utf-16-le")
    return name, mark + text.encode()
