"""Tokens of the API, on both databases: shown once, kept as a keyed hash, good until revoked."""

import pytest
from sqlmodel import select

from gateway.clock import system_clock
from storage import tokens
from storage.keys import Key, Keys
from storage.tables import ApiToken, Caseworker, Tenant
from storage.tokens import Grant, NoTenant
from storage.work import Store
from tests.storage.case_rows import DICE, KEYS, create_tables


@pytest.fixture
def url(store_place):
    url = store_place.create(create_tables)
    yield url
    store_place.drop(url)


@pytest.fixture
def store(url):
    store = Store(url, KEYS, system_clock)
    store.write(lambda work: add_tenant(work, "nordlys")).result()
    yield store
    store.close()


def add_tenant(work, name):
    with work.session() as session:
        session.add(Tenant(id=name, name=name))


def create(store, **grant):
    token = tokens.new_token(store.keys)
    wanted = Grant(**({"tenant": "nordlys", "name": "Kari Lie"} | grant))
    return token, store.write(lambda work: tokens.create(work, DICE, token, wanted)).result()


def scope_of(store, token):
    with store.read() as session:
        return tokens.live(session).get(tokens.digest(store.keys, token) or "")


def test_a_token_gives_the_scope_it_was_made_for(store):
    token, _ = create(store, desks=frozenset({"grid", "heat"}), full_numbers=True)
    scope = scope_of(store, token)
    assert (scope.tenant, scope.desks, scope.full_numbers) == ("nordlys", {"grid", "heat"}, True)
    assert (scope.actor.kind, scope.actor.evidence, scope.actor_name) == ("caseworker", "token", "Kari Lie")


def test_without_desks_a_token_is_good_for_all_and_shows_numbers_masked(store):
    scope = scope_of(store, create(store)[0])
    assert (scope.desks, scope.full_numbers) == (frozenset(), False)


def test_t68_the_database_holds_no_token_and_no_hash_without_the_key(store):
    token, _ = create(store)
    with store.read() as session:
        row = session.exec(select(ApiToken)).one()
    assert token not in repr(row)
    assert row.digest != tokens.digest(Keys([Key("k1", b"x" * 32)]), token)


def test_a_second_token_of_a_name_is_the_same_persons(store):
    create(store)
    create(store)
    create(store, name="Per Dal")
    with store.read() as session:
        assert [one.name for one in session.exec(select(Caseworker).order_by(Caseworker.id))] == ["Kari Lie", "Per Dal"]
        assert len(session.exec(select(ApiToken)).all()) == 3


def test_a_revoked_token_is_good_no_more_and_is_revoked_once(store):
    token, token_id = create(store)
    revoked = [store.write(lambda work: tokens.revoke(work, token_id)).result() for _ in range(2)]
    assert revoked == [True, False]
    assert scope_of(store, token) is None
    with store.read() as session:
        [line] = tokens.listed(session)
    assert (line.id, line.name, line.revoked_at is None) == (token_id, "Kari Lie", False)


def test_a_token_of_no_tenant_is_not_made(store):
    with pytest.raises(NoTenant):
        create(store, tenant="nobody")


def test_a_token_is_good_as_long_as_its_key_is_kept(url, store):
    token, _ = create(store)
    old, new = Key("k1", b"k" * 32), Key("k2", b"n" * 32)
    assert tokens.digest(Keys([new, old]), token) == tokens.digest(KEYS, token)
    assert tokens.digest(Keys([new]), token) is None


@pytest.mark.parametrize(
    "token", ["", "caseline_", "caseline_k1_", "other_k1_x", "caseline_k9_x", "caseline_k1_\udce6"]
)
def test_what_is_no_token_has_no_hash(token):
    assert tokens.digest(KEYS, token) is None


def test_all_tokens_of_a_name_are_revoked_and_no_others(store):
    store.write(lambda work: add_tenant(work, "fjern")).result()
    named = [create(store)[0] for _ in range(2)]
    others = [create(store, name="Per Dal")[0], create(store, tenant="fjern")[0]]
    store.write(lambda work: tokens.revoke_all(work, "nordlys", "Kari Lie")).result()
    assert [scope_of(store, token) is None for token in (*named, *others)] == [True, True, False, False]
