"""Files that are there whole or not at all: written beside their place under a passing name, and renamed.

What cannot be written leaves the file that was there; a store, and the files that SQLite keeps beside one, are never replaced.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from domain import errors

STORE_MARK = b"SQLite format 3\0"
"""How every SQLite file begins."""

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite appends to the name of a file for those that it keeps beside it."""

_PART = re.compile(r"\.captable-(?P<process>[0-9]+)-[0-9a-f]{32}\.part")


class NotWritten(errors.BadInput):
    """A file that is not written, because a store would be lost or the system does not allow it; what was there stays."""


def put(path: Path, content: bytes | Iterable[bytes], *, synced: bool = True) -> None:
    """Write a file whole; `synced` sees it onto the disk as well. Raises NotWritten, and then the file is as it was."""
    # A symbolic link stays one: the file that it means is replaced.
    target = Path(os.path.realpath(path))
    if reason := kept_from(target):
        raise NotWritten(f"{path} is {reason}; it is not overwritten")
    parts = (content,) if isinstance(content, bytes) else content
    try:
        if target.exists() and not target.is_file():
            # A device or a pipe, which has no place beside it to write to; a folder is refused by the system.
            with target.open("wb") as opened:
                opened.writelines(parts)
        else:
            _replace(target, parts, synced=synced)
    except OSError as error:
        raise NotWritten(f"{path} cannot be written: {error.strerror or error}") from error


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, if there is none. Raises NotWritten as `check_folder` does, and OSError."""
    check_folder(path)
    path.mkdir(parents=True, exist_ok=True)


def check_folder(path: Path) -> None:
    """Raises NotWritten if a folder, or one above it, has a name that belongs to a database.

    SQLite opens no database beside which a folder has the name of its journal.
    """
    target = Path(os.path.realpath(path))
    for place in (target, *target.parents):
        if reason := kept_from(place):
            raise NotWritten(f"{path} cannot be made: {place.name} is {reason}")


def kept_from(target: Path) -> str | None:
    """What a file is that must not be replaced: a database, or what belongs to one that is there; None for any other."""
    if _is_database(target):
        return "a database"
    for suffix in BESIDE:
        if target.name.endswith(suffix) and _is_database(target.with_name(target.name.removesuffix(suffix) or ".")):
            return "part of a database"
    return None


def taken_for_part(target: Path) -> str | None:
    """Why a database cannot have a name: another one has that of its journal or log. None if it can."""
    beside = (target.with_name(target.name + suffix) for suffix in BESIDE)
    return next((f"the name of which {each.name} would be a part" for each in beside if _is_database(each)), None)


def _is_database(path: Path) -> bool:
    try:
        # Nothing but an ordinary file is opened: reading from a pipe would wait for ever.
        if not path.is_file():
            return False
        with path.open("rb") as opened:
            return opened.read(len(STORE_MARK)) == STORE_MARK
    except OSError:
        return False


def _replace(target: Path, parts: Iterable[bytes], *, synced: bool) -> None:
    passing = passing_name(target)
    try:
        with passing.open("xb") as opened:
            opened.writelines(parts)
            if synced:
                opened.flush()
                os.fsync(opened.fileno())
        if target.exists():
            # A file that may not be written is not replaced either, though its folder would allow it.
            if not os.access(target, os.W_OK):
                raise PermissionError(None, "it is read-only")
            with suppress(OSError):
                passing.chmod(stat.S_IMODE(target.stat().st_mode))
        passing.replace(target)
    finally:
        passing.unlink(missing_ok=True)
    if synced:
        sync(target.parent)


def passing_name(target: Path) -> Path:
    """A file beside another, named after this process, that nobody else writes to."""
    return target.with_name(f".captable-{os.getpid()}-{uuid4().hex}.part")


def settle(passing: Path, target: Path) -> bool:
    """Give a file its name, unless that is taken, and see it onto the disk; whether it has the name now."""
    sync(passing)
    try:
        # Unlike a renaming, a link never takes the place of another file.
        os.link(passing, target)
    except FileExistsError:
        return False
    except OSError:
        if target.exists():
            return False
        passing.rename(target)
    passing.unlink(missing_ok=True)
    sync(target.absolute().parent)
    return True


def sync(path: Path) -> None:
    """See a file, or the names in a folder, onto the disk; Windows has no way to do that for a folder."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_left_parts(folder: Path) -> None:
    """Remove the passing files in a folder that processes of this program left, and no file of anybody else."""
    for each in folder.iterdir():
        named = _PART.fullmatch(each.name)
        if named and not _runs(int(named["process"])):
            each.unlink(missing_ok=True)


def forget_passing_names(path: Path) -> bool:
    """Remove the passing names that a file has beside its own, left by processes of this program that were killed.

    Whether another process is about to remove one of its own.
    """
    under_way = False
    for each in path.absolute().parent.iterdir():
        if (named := _PART.fullmatch(each.name)) and each.exists() and each.samefile(path):
            if _runs(int(named["process"])):
                under_way = True
            else:
                each.unlink(missing_ok=True)
    return under_way


def _runs(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
