"""Real git repositories, made from the sample with variations, on bare remotes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

SAMPLE = Path(__file__).parent.parent.parent / "samples" / "shop"
CLUSTER = SAMPLE / "cluster.json"
ENV = {
    **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "dev", "GIT_AUTHOR_EMAIL": "dev@shop.example", "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_NAME": "dev", "GIT_COMMITTER_EMAIL": "dev@shop.example", "GIT_COMMITTER_DATE": "1700000000 +0000",
}  # fmt: skip


class File(NamedTuple):
    content: bytes
    mode: str = "100644"


Files = Mapping[str, bytes | File]


def git(*words: str | Path, at: Path, data: bytes = b"") -> str:
    ran = subprocess.run(
        ["git", *words], cwd=at, env=ENV, input=data, capture_output=True, check=True
    )
    return ran.stdout.decode().strip()


def bare(path: Path, files: Files, branch: str = "main") -> Path:
    """Make a bare repository with one commit, by fast-import: quick, and any path or mode goes."""
    path.mkdir(parents=True)
    git("init", "-q", "--bare", "--template=", f"--initial-branch={branch}", ".", at=path)
    git("config", "uploadpack.allowFilter", "true", at=path)
    commit(path, files, branch)
    return path


def commit(
    path: Path,
    files: Files,
    branch: str = "main",
    message: str = "Add",
    who: str = "dev <dev@shop.example>",
) -> str:
    """Put a commit on a branch of a bare repository, by whoever pushes there."""
    ref = f"refs/heads/{branch}"
    parent = subprocess.run(
        ["git", "rev-parse", "-q", "--verify", ref],
        cwd=path,
        env=ENV,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    lines = [
        f"commit {ref}\ncommitter {who} 1700000000 +0000\ndata {len(message.encode())}\n{message}\n".encode()
    ]
    if parent:
        lines.append(f"from {parent}\n".encode())
    for name, file in files.items():
        mode, content = (file.mode, file.content) if isinstance(file, File) else ("100644", file)
        quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        if mode == "160000":
            lines.append(f"M {mode} {content.decode()} {quoted}\n".encode())
        else:
            lines.append(
                f"M {mode} inline {quoted}\ndata {len(content)}\n".encode() + content + b"\n"
            )
    git("fast-import", "--quiet", "--force", at=path, data=b"".join(lines))
    return git("rev-parse", ref, at=path)


def sample(folder: str) -> dict[str, bytes]:
    """The files of one folder of the sample, by path from its top."""
    found = (p for p in sorted((SAMPLE / folder).rglob("*")) if p.is_file())
    return {p.relative_to(SAMPLE).as_posix(): p.read_bytes() for p in found}


def variation(number: int) -> dict[str, bytes]:
    """The files of the sample's repository with this number: other folders, another padding."""
    settings = b"namespace: shop\n"
    pad = {f"docs/{number}.md": b"# Service %d\n" % number + b"text\n" * (number % 40)}
    match number % 5:
        case 0:
            return {".refactor.yaml": settings, **sample("services/checkout"), **pad}
        case 1:
            return {".refactor.yaml": settings, **sample("deploy"), **pad}
        case 2:
            values = f"# {number}\norders:\n  url: http://10.42.1.11:8080/api/v{number}\n".encode()
            return {".refactor.yaml": settings, "config/values.yaml": values, **pad}
        case 3:
            return {"config/values.yaml": f"replicas: {number}\n".encode(), **pad}
        case _:
            return {
                "config/values.yaml": f"# {number}\nlegacy: http://10.99.{number % 250}.7:80/\n".encode(),
                **pad,
            }


def farm(root: Path, numbers: Sequence[int]) -> list[Path]:
    """One bare repository a number, in `root/shop`."""
    return [bare(root / "shop" / f"svc-{number:04}.git", variation(number)) for number in numbers]


def campaign_file(root: Path, repositories: Sequence[Path], extra: str = "") -> Path:
    """A campaign over bare repositories on this disk."""
    (root / "repositories.txt").write_text("".join(f"{path}\n" for path in repositories))
    path = root / "services.yaml"
    path.write_text(
        "name: services\nrepositories: {file: repositories.txt}\n"
        f"homes:\n  - inventories: [{CLUSTER}]\n    namespace: shop\n"
        "limits: {per-hour: 0, pause: 0}\n" + extra
    )
    return path


def branches(path: Path) -> list[str]:
    return git("for-each-ref", "--format=%(refname:short)", "refs/heads", at=path).splitlines()
