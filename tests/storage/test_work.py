"""The writing thread: what waits shares a commit, each job stands alone, and an answer means it is durable."""

import asyncio
import sqlite3
import threading
import time
from concurrent.futures import wait
from contextlib import contextmanager, suppress
from itertools import pairwise

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import select

from storage.engines import NotDurable, check_durable, sqlite_file, writing_engine
from storage.faults import is_away
from storage.migrate import migrate
from storage.tables import Tenant
from storage.work import Again, Store, StoreClosed
from tests.storage.turn_rows import KEYS, Clock


@contextmanager
def opened(place):
    url = place.create(migrate)
    store = Store(url, KEYS, Clock())
    for _ in range(2):
        # The time's floor is kept after the first job; the clock stands, so not again.
        store.write(lambda work: None).result(20)
    try:
        yield store
    finally:
        store.close()
        place.drop(url)


@pytest.fixture
def store(store_place):
    with opened(store_place) as store:
        yield store


@pytest.fixture
def on_sqlite(sqlite):
    with opened(sqlite) as store:
        yield store


def add(name):
    def job(work):
        with work.session() as session:
            session.add(Tenant(id=name, name=name))
        return name

    return job


def by_cursor(name):
    return lambda work: work.cursor.execute(f"INSERT INTO tenant (id, name) VALUES ('{name}', '{name}')") and name


def tenants(store):
    with store.read() as session:
        return sorted(session.exec(select(Tenant.id)))


@contextmanager
def held_up(store):
    """What is put in the queue meanwhile waits, and is taken together."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(work):
        begun.set()
        go_on.wait(20)

    holding = store.write(hold)
    assert begun.wait(20)
    yield
    go_on.set()
    holding.result(20)


class Refused(Exception):
    pass


def refuse(work):
    by_cursor("refused")(work)
    raise Refused


def test_a_result_comes_when_it_can_be_read(store):
    assert store.write(add("a")).result(20) == "a"
    assert tenants(store) == ["a"]


def test_a_job_that_raises_is_undone_and_its_batch_mates_stand(store):
    with held_up(store):
        futures = [store.write(job) for job in (add("a"), refuse, by_cursor("b"), refuse, add("c"))]
    assert [type(future.exception(20)) for future in futures] == [type(None), Refused, type(None), Refused, type(None)]
    assert tenants(store) == ["a", "b", "c"]


def test_a_statement_that_fails_in_a_session_leaves_the_others(store):
    with held_up(store):
        good, bad, last = store.write(add("a")), store.write(add("a")), store.write(add("b"))
    assert good.result(20) == "a"
    assert isinstance(bad.exception(20), IntegrityError)
    assert last.result(20) == "b"
    assert tenants(store) == ["a", "b"]


def test_a_failed_session_inside_a_job_leaves_the_rest_of_the_job(store):
    def job(work):
        by_cursor("before")(work)
        with suppress(IntegrityError):
            add("before")(work)
        return add("after")(work)

    assert store.write(job).result(20) == "after"
    assert tenants(store) == ["after", "before"]


def test_a_part_that_fails_leaves_the_rest_of_the_job(store):
    def job(work):
        by_cursor("before")(work)
        with suppress(Refused), work.savepoint():
            refuse(work)
        by_cursor("after")(work)

    store.write(job).result(20)
    assert tenants(store) == ["after", "before"]


def test_what_runs_before_a_job_stands_where_the_job_is_undone(store):
    with held_up(store):
        future = store.write(refuse, before=by_cursor("counted"))
        other = store.write(add("other"))
    assert isinstance(future.exception(20), Refused)
    assert other.result(20)
    assert tenants(store) == ["counted", "other"]


def test_a_job_whose_preparation_raises_is_not_run(store):
    future = store.write(add("a"), before=refuse, instead=lambda work, error: add("instead")(work))
    assert isinstance(future.exception(20), Refused)
    assert tenants(store) == []


def test_another_job_runs_in_the_place_of_one_that_raised(store):
    def instead(work, error):
        return add(type(error).__name__)(work)

    assert store.write(refuse, before=by_cursor("counted"), instead=instead).result(20) == "Refused"
    assert tenants(store) == ["Refused", "counted"]


def test_where_that_raises_as_well_only_the_preparation_stands(store):
    future = store.write(refuse, before=by_cursor("counted"), instead=lambda work, error: refuse(work))
    assert isinstance(future.exception(20), Refused)
    assert tenants(store) == ["counted"]


def test_a_job_that_wants_to_be_taken_again_is(store):
    times: list[None] = []

    def job(work):
        by_cursor(f"time {len(times)}")(work)
        times.append(None)
        if len(times) == 1:
            raise Again
        return len(times)

    with held_up(store):
        future, other = store.write(job), store.write(by_cursor("other"))
    assert future.result(20) == 2
    assert other.result(20)
    assert tenants(store) == ["other", "time 1"]


def test_a_job_that_always_wants_to_be_taken_again_gives_up(store):
    def job(work):
        raise Again

    future = store.write(job, instead=lambda work, error: "never")
    assert isinstance(future.exception(20), Again)


def test_a_commit_that_fails_is_taken_again_one_by_one(on_sqlite):
    writing = on_sqlite._writer._writing
    sizes, commit = [], writing.commit

    def fail_where_they_share():
        [(size,)] = writing.cursor.execute("SELECT count(*) FROM tenant").fetchall()
        sizes.append(size)
        if size == 2 and sizes.count(2) == 1:
            writing.cursor.execute("ROLLBACK")
            raise sqlite3.OperationalError("disk I/O error")
        commit()

    writing.commit = fail_where_they_share
    with held_up(on_sqlite):
        futures = [on_sqlite.write(by_cursor(name)) for name in "ab"]
    assert [future.result(20) for future in futures] == ["a", "b"]
    assert sizes[-2:] == [1, 2]
    assert 2 in sizes[:-2]
    assert tenants(on_sqlite) == ["a", "b"]


def test_a_job_that_fails_twice_with_the_database_gets_its_error(on_sqlite):
    writing = on_sqlite._writer._writing

    def fail():
        raise sqlite3.OperationalError("disk I/O error")

    commit, writing.commit = writing.commit, fail
    future = on_sqlite.write(by_cursor("a"), instead=lambda work, error: "never")
    assert isinstance(future.exception(20), sqlite3.OperationalError)
    writing.commit = commit
    assert on_sqlite.write(by_cursor("b")).result(20) == "b"
    assert tenants(on_sqlite) == ["b"]


def test_a_lost_connection_is_opened_again(postgres, postgres_url):
    migrate(postgres_url)
    store = Store(postgres_url, KEYS, Clock())
    store.write(by_cursor("a")).result(20)
    postgres._execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        " AND pid <> pg_backend_pid()"
    )
    assert store.write(by_cursor("b")).result(20) == "b"
    assert tenants(store) == ["a", "b"]
    store.close()


def test_who_stands_still_in_a_transaction_loses_it_and_does_the_job_again(postgres_url, monkeypatch):
    """TRUST F2: what it had locked is free for others."""
    monkeypatch.setattr("storage.engines.IDLE_IN_TRANSACTION_S", 1)
    migrate(postgres_url)
    ran: list[None] = []

    def stand_still(work):
        by_cursor("a")(work)
        ran.append(None)
        if len(ran) == 1:
            time.sleep(2)
            by_cursor("b")(work)
        return len(ran)

    store = Store(postgres_url, KEYS, Clock())
    assert store.write(stand_still).result(20) == 2
    assert tenants(store) == ["a"]
    store.close()


def test_turns_go_before_bulk(store):
    order = []

    def note(name):
        return lambda work: order.append(name)

    with held_up(store):
        futures = [store.write(note(f"bulk {n}"), bulk=True) for n in range(3)]
        futures += [store.write(note(f"turn {n}")) for n in range(3)]
    wait(futures, 20)
    assert order == ["turn 0", "turn 1", "turn 2", "bulk 0", "bulk 1", "bulk 2"]


def test_a_batch_has_thirty_two_jobs_at_most_and_twenty_milliseconds(on_sqlite):
    writing = on_sqlite._writer._writing
    commit = writing.commit
    commits: list[int] = []
    ran: list[None] = []

    def count():
        commits.append(len(ran))
        commit()

    def slow(work):
        time.sleep(0.008)
        ran.append(None)

    writing.commit = count
    with held_up(on_sqlite):
        futures = [on_sqlite.write(lambda work: ran.append(None)) for _ in range(100)]
    wait(futures, 20)
    sizes = [after - before for before, after in pairwise([0, *commits])]
    assert max(sizes) <= 32
    assert sum(sizes) == 100
    assert len(sizes) >= 4
    del commits[:], ran[:]
    with held_up(on_sqlite):
        futures = [on_sqlite.write(slow) for _ in range(10)]
    wait(futures, 20)
    assert max(after - before for before, after in pairwise([0, *commits])) <= 4


def test_the_bell_rings_once_for_a_batch_and_only_after_the_commit(on_sqlite):
    heard = []

    def ring():
        heard.append(tenants(on_sqlite))

    def job(name):
        def write(work):
            work.after_commit(ring)
            return by_cursor(name)(work)

        return write

    def undone(work):
        work.after_commit(lambda: heard.append("undone"))
        refuse(work)

    with held_up(on_sqlite):
        futures = [on_sqlite.write(one) for one in (job("a"), undone, job("b"))]
    wait(futures, 20)
    on_sqlite.write(lambda work: None).result(20)
    assert heard == [["a", "b"]]


def test_a_bell_that_fails_breaks_nothing(store):
    def job(work):
        work.after_commit(lambda: 1 / 0)
        return by_cursor("a")(work)

    assert store.write(job).result(20) == "a"
    assert store.write(by_cursor("b")).result(20) == "b"


async def test_an_event_loop_gets_its_results(store):
    results = await asyncio.gather(
        *(store.write_async(by_cursor(name)) for name in "abc"), store.write_async(refuse), return_exceptions=True
    )
    assert results[:3] == ["a", "b", "c"]
    assert isinstance(results[3], Refused)
    assert tenants(store) == ["a", "b", "c"]


async def test_a_cancelled_caller_does_not_stop_its_job(store):
    with held_up(store):
        task = asyncio.ensure_future(store.write_async(by_cursor("a")))
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await store.write_async(by_cursor("b"))
    assert tenants(store) == ["a", "b"]


def test_closing_does_what_is_queued_and_refuses_what_comes_after(store):
    with held_up(store):
        futures = [store.write(by_cursor(name)) for name in "abc"]
        closing = threading.Thread(target=store.close)
        closing.start()
        while not store._writer._closed:
            time.sleep(0.001)
        with pytest.raises(StoreClosed):
            store.write(by_cursor("d"))
    closing.join(20)
    assert [future.result(0) for future in futures] == ["a", "b", "c"]


def test_what_cannot_be_done_in_time_is_refused_at_the_close(store):
    with held_up(store):
        futures = [store.write(by_cursor(name)) for name in "abc"]
        closing = threading.Thread(target=store._writer.close, args=(0,))
        closing.start()
        while not store._writer._closed:
            time.sleep(0.001)
    closing.join(20)
    wait(futures, 20)
    refused = [future for future in futures if isinstance(future.exception(0), StoreClosed)]
    # On SQLite those that shared the running job's commit are done.
    assert len(refused) == 3 - len(tenants(store))


def test_a_suspected_job_runs_alone(sqlite):
    with opened(sqlite) as store:
        assert store._writer._in_flight is not None
        store._writer._in_flight._deaths["bad"] = 1
        suspicions, mates, now = [], [], []

        def note(name):
            def job(work):
                suspicions.append(work.suspect)
                now.append(name)
                return by_cursor(name)(work)

            return job

        commit = store._writer._writing.commit

        def count():
            mates.append(list(now))
            now.clear()
            commit()

        store._writer._writing.commit = count
        with held_up(store):
            futures = [store.write(note(name), key=name) for name in ("a", "b", "bad", "c", "d")]
        wait(futures, 20)
        assert ["bad"] in mates
        assert suspicions == [0, 0, 1, 0, 0]
        assert store.write(note("again"), key="bad").result(20)
        assert suspicions[-1] == 0, "what is done is forgiven"


def test_a_withdrawn_job_is_not_done(store):
    with held_up(store):
        future = store.write(by_cursor("a"))
        assert future.cancel()
    store.write(by_cursor("b")).result(20)
    assert tenants(store) == ["b"]


def test_readers_do_not_wait(store):
    with held_up(store):
        writing = store.write(by_cursor("a"))
        begun = time.monotonic()
        assert tenants(store) == []
        assert time.monotonic() - begun < 1
    writing.result(20)


def test_a_search_that_takes_too_long_is_ended_and_others_are_not(store_place, monkeypatch):
    monkeypatch.setattr("storage.engines.READ_WITHIN_S", 1)
    with opened(store_place) as store:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        begun = time.monotonic()
        with store.read() as session, pytest.raises(OperationalError) as ended:
            session.execute(text(endless))
        assert 0.5 < time.monotonic() - begun < 5
        assert is_away(ended.value)
        assert tenants(store) == []


def test_readers_cannot_write(store):
    with store.read() as session, pytest.raises(Exception, match="read"):
        session.execute(text("INSERT INTO tenant (id, name) VALUES ('x', 'x')"))


def test_another_process_waits_for_its_turn_to_write(sqlite):
    # Two stores on one file stand for two processes: neither sees «database is locked».
    with opened(sqlite) as store:
        other = Store(store.url, KEYS, Clock())
        futures = [each.write(by_cursor(f"{n} {each is store}")) for n in range(100) for each in (store, other)]
        for future in futures:
            future.result(20)
        other.close()
        assert len(tenants(store)) == 200


def test_the_file_is_kept_as_safely_as_sqlite_can(on_sqlite):
    def pragmas(work):
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [work.cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    full = 2
    assert on_sqlite.write(pragmas).result(20) == ["wal", full, 1]


def test_a_database_that_forgets_what_it_acknowledged_is_refused(postgres_url):
    engine = writing_engine(postgres_url)
    with engine.connect() as connection:
        check_durable(connection)
        connection.execute(text("SET synchronous_commit = off"))
        with pytest.raises(NotDurable, match="synchronous_commit"):
            check_durable(connection)
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_store_in_memory_is_refused(url):
    with pytest.raises(ValueError, match="file"):
        sqlite_file(url)
