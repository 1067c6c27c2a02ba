"""Copies of a store: made while somebody writes, read again before they are kept, never in the place of something else."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from random import Random

import attrs
import pytest

from application.record import record
from domain.capital.head import Head
from domain.errors import StoreDamaged, StoreUnusable
from infrastructure import backups
from infrastructure.backups import copied
from infrastructure.head_receipts import BadReceipt, Receipt, compared, read, read_key, written
from tests.faults import books
from tests.faults.files import rows_of, unguarded

KEY = b"sixteen bytes of key"


@pytest.fixture
def path(tmp_path) -> Path:
    books.begin(str(tmp_path / "book.db"))
    return tmp_path / "book.db"


def backed_up(path: Path, target: Path) -> dict[str, Head]:
    return copied(str(path), str(target), clock=books.now)


def test_a_copy_holds_what_the_store_held_and_is_a_store_itself(path, tmp_path):
    heads = backed_up(path, tmp_path / "copy.db")
    assert heads[books.ISSUER].number == books.FOUNDING
    assert rows_of(tmp_path / "copy.db") == rows_of(path)
    assert len(books.found_whole(str(tmp_path / "copy.db"))) == books.FOUNDING
    with books.opened(str(tmp_path / "copy.db")) as store:
        assert record(store, books.ISSUER, books.batch("w", 0, [books.purchase(Random(1))])).entries
    assert sorted(each.name for each in tmp_path.iterdir()) == ["book.db", "copy.db"]


def test_what_only_the_log_holds_is_copied_too(path, tmp_path):
    with books.opened(str(path)) as store:
        record(store, books.ISSUER, books.batch("w", 0, [books.purchase(Random(1))]))
        assert Path(f"{path}-wal").stat().st_size
        assert backed_up(path, tmp_path / "copy.db")[books.ISSUER].number == books.FOUNDING + 1


def test_a_copy_made_while_somebody_writes_is_one_state_of_the_store(path, tmp_path):
    ended = threading.Event()

    def write() -> None:
        with books.opened(str(path)) as store:
            for number in range(400):
                record(store, books.ISSUER, books.batch("w", number, [books.purchase(Random(number)) for _ in range(3)]))
                if ended.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [backed_up(path, tmp_path / f"copy {n}.db")[books.ISSUER].number for n in range(5)]
    finally:
        ended.set()
        writer.join()
    assert copies == sorted(copies)
    for number, entries in enumerate(copies):
        assert len(books.found_whole(str(tmp_path / f"copy {number}.db"))) == entries
    assert compared(str(path), [Receipt({books.ISSUER: _head(tmp_path / "copy 0.db")}, books.now())])[0].wrong is None


def _head(path: Path) -> Head:
    with books.opened(str(path), writable=False) as store:
        return store.head(books.ISSUER)


@pytest.mark.parametrize("there", ["file", "folder", "link"])
def test_nothing_is_ever_overwritten(path, tmp_path, there):
    target = tmp_path / "copy.db"
    {"file": lambda: target.write_text("mine"), "folder": target.mkdir, "link": lambda: target.symlink_to("nowhere")}[there]()
    with pytest.raises(StoreUnusable, match=r"copy\.db exists; move it away, or name another file"):
        backed_up(path, target)
    assert target.is_dir() or target.is_symlink() or target.read_text() == "mine"
    with pytest.raises(StoreUnusable, match="exists; move it away"):
        backed_up(path, path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param("UPDATE entries SET recorded_by = 'somebody' WHERE number = 3", r"^entry 3: ", id="an entry"),
        pytest.param("UPDATE carried_forward SET number = number + 1", "", id="what is carried forward"),
        pytest.param("UPDATE carried_forward SET issuer = '99999'", "", id="of an issuer without entries"),
    ],
)
def test_a_damaged_store_is_not_copied(path, tmp_path, change, says):
    with unguarded(path) as connection:
        connection.execute(change)
    with books.opened(str(path), writable=False) as store, pytest.raises(StoreDamaged):
        store.verified()
    with pytest.raises(StoreDamaged, match=rf"{says}.*; what is damaged is not copied"):
        backed_up(path, tmp_path / "copy.db")
    assert [each.name for each in tmp_path.iterdir()] == ["book.db"]


@pytest.mark.parametrize("content", [None, b"", b"no store", "another"], ids=["missing", "empty", "text", "another database"])
def test_what_is_no_store_is_not_copied(tmp_path, content):
    source = tmp_path / "source.db"
    if content == "another":
        with closing(sqlite3.connect(source)) as connection:
            connection.execute("CREATE TABLE places (url TEXT)")
    elif content is not None:
        source.write_bytes(content)
    with pytest.raises(StoreUnusable):
        backed_up(source, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_folder_that_is_not_there_is_named(path, tmp_path):
    with pytest.raises(StoreUnusable, match="there is no folder"):
        backed_up(path, tmp_path / "absent" / "copy.db")


def test_a_server_is_backed_up_by_its_own_means():
    with pytest.raises(StoreUnusable, match="with the server's own means") as refused:
        copied("postgresql://me:secret@host/book", "copy.db", clock=books.now)
    assert "secret" not in str(refused.value)


# --- head receipts --------------------------------------------------------------------------------------------------


def receipt(path: Path) -> Receipt:
    return Receipt({books.ISSUER: _head(path)}, books.now())


def kept(tmp_path: Path, content: bytes) -> Path:
    (tmp_path / "head.json").write_bytes(content)
    return tmp_path / "head.json"


def test_a_receipt_is_read_as_it_was_written(path, tmp_path):
    made = receipt(path)
    assert read(kept(tmp_path, written(made))) == made


def test_a_store_that_has_grown_still_holds_the_head(path):
    made = receipt(path)
    with books.opened(str(path)) as store:
        record(store, books.ISSUER, books.batch("w", 0, [books.purchase(Random(1))]))
    (comparison,) = compared(str(path), [made])
    assert comparison.wrong is None


def test_a_signature_fits_its_key_and_no_other(path, tmp_path):
    signed = kept(tmp_path, written(receipt(path), KEY))
    assert read(signed, KEY).signed
    assert not read(signed).signed
    with pytest.raises(BadReceipt, match="was not signed with this key, or was changed since"):
        read(signed, b"another key of this length")
    signed.write_bytes(signed.read_bytes().replace(b'"number": 4', b'"number": 3'))
    with pytest.raises(BadReceipt, match="was not signed with this key, or was changed since"):
        read(signed, KEY)


def test_a_receipt_that_is_not_signed_does_not_pass_for_one_that_is(path, tmp_path):
    with pytest.raises(BadReceipt, match="is not signed"):
        read(kept(tmp_path, written(receipt(path))), KEY)


AT = b'"made_at": "2024-12-17T00:00:00+00:00"'
NO_RECEIPTS = {
    "nothing": b"",
    "an object": b"{}",
    "a list": b"[]",
    "no text": b"\xff",
    "nested deep": b"[" * 100_000,
    "a moment without its zone": b'{"kind": "captable head receipt", "made_at": "2024-12-17", "heads": []}',
    "another kind": b'{"kind": "other", ' + AT + b', "heads": []}',
    "a hash too short": b'{"kind": "captable head receipt", ' + AT + b', "heads": '
    b'[{"issuer": "1", "number": 1, "hash": "ab", "recorded_at": null}]}',
}


@pytest.mark.parametrize("content", NO_RECEIPTS.values(), ids=NO_RECEIPTS)
def test_what_is_no_receipt_is_refused(tmp_path, content):
    with pytest.raises(BadReceipt, match="is not a head receipt"):
        read(kept(tmp_path, content))


def test_a_key_has_a_length_worth_the_name(tmp_path):
    (tmp_path / "key").write_bytes(KEY + b"\r\n")
    assert read_key(tmp_path / "key") == KEY
    (tmp_path / "key").write_bytes(b"short\n")
    with pytest.raises(BadReceipt, match="at least 16 bytes, got 5"):
        read_key(tmp_path / "key")


@pytest.mark.parametrize(
    ("name", "raised", "said"),
    [
        ("_copy", sqlite3.OperationalError("disk I/O error"), "copy.db"),
        ("_copy", OSError(28, "No space left on device"), "copy.db cannot be written: No space left on device"),
        ("settle", None, "copy.db exists; move it away, or name another file"),
    ],
)
def test_a_copy_that_cannot_be_finished_leaves_nothing(path, tmp_path, monkeypatch, name, raised, said):
    """The disk fails or is full; or somebody else made a file of the name meanwhile."""

    def failing(*_: object) -> bool:
        if raised is not None:
            raise raised
        return False

    monkeypatch.setattr(backups, name, failing)
    with pytest.raises((StoreUnusable, StoreDamaged)) as refused:
        backed_up(path, tmp_path / "copy.db")
    assert said in str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == ["book.db"]


def test_a_copy_that_is_not_what_the_store_holds_is_not_kept(path, tmp_path, monkeypatch):
    """The head that the copy is said to have is none of the store."""
    with books.opened(str(path)) as store:
        other = attrs.evolve(store.head(books.ISSUER), hash="0" * 64)
    monkeypatch.setattr(backups, "Receipt", lambda heads, at: Receipt({books.ISSUER: other}, at))
    with pytest.raises(StoreDamaged, match=r"the copy is not what .*book[.]db holds: "):
        backed_up(path, tmp_path / "copy.db")
    assert [each.name for each in tmp_path.iterdir()] == ["book.db"]
