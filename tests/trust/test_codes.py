"""One-time codes: guessed, borrowed, replayed, asked for by strangers, and sent to bomb somebody."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from conversations.effects import SendCode
from gateway.jobs import intake
from storage import codes
from storage.tables import Address, AddressHolder, Challenge, CodeSent, Conversation, WrongTry, metadata
from tests.trust.conftest import DAY, HOUR, OURS, most_within, without_digits, wrong

ENQUIRY = "Jeg har et spørsmål om regningen min for desember"
THREADS = 50
COOL_DOWN = timedelta(seconds=61)
WRONG, USED_UP, EXPIRED = "Feil kode. Du har", "Feil kode, og forsøkene er brukt opp", "Koden gjelder ikke lenger"
PROVED, SENT = "Nummeret ditt er bekreftet", "er koden din hos Nordlys Nett for å bekrefte nummeret"


def trusted(gate, phone):
    addresses = {row.address for row in gate.rows_of(phone)}
    return [row for row in gate.rows(AddressHolder) if row.address in addresses]


def challenges(gate, phone):
    return gate.rows(Challenge, destination=phone)


def wrong_tries(gate, phone):
    [address] = gate.rows(Address, value=phone)
    return gate.rows(WrongTry, subject=address.id)


def test_t51_of_fifty_guesses_at_once_five_are_tried_and_then_the_right_code_is_none(gate):
    phone = gate.phone()
    code = gate.ask_code(phone)
    with gate.others(3) as stores:
        gate.at_once(stores, [(phone, wrong(code, by)) for by in range(1, THREADS + 1)])
    [challenge] = challenges(gate, phone)
    assert (challenge.tries, challenge.used_at, len(wrong_tries(gate, phone))) == (5, None, 5)
    gate.put(phone, code)
    assert trusted(gate, phone) == []


def test_what_is_sent_to_a_spent_code_is_masked_and_is_no_matter_of_its_own(fresh):
    phone = fresh.phone()
    code = fresh.ask_code(phone)
    for by in range(1, 6):
        fresh.say(phone, wrong(code, by))
    fresh.say(phone, code)
    assert code not in "".join(row.text for row in fresh.taken(phone))
    assert fresh.cases(phone) == []


def test_a_code_for_the_number_erases_nothing_where_that_for_erasing_was_refused(fresh):
    phone = fresh.phone()
    fresh.ask_code(phone)
    for pause in (61, 121):
        fresh.move_clock(timedelta(seconds=pause))
        fresh.say(phone, "NY KODE")
    code = fresh.code(phone)
    assert "Prøv igjen" in fresh.say(phone, "SLETT MEG")[-1]
    assert PROVED in fresh.say(phone, code)[-1]


def test_t51_of_fifty_right_codes_at_once_one_is_accepted(gate):
    phone = gate.phone()
    code = gate.ask_code(phone)
    with gate.others(3) as stores:
        gate.at_once(stores, [(phone, code)] * THREADS)
    [challenge], [holder] = challenges(gate, phone), trusted(gate, phone)
    assert (challenge.tries, challenge.mac, holder.challenge) == (1, None, challenge.id)
    assert sum(PROVED in row.text for row in gate.answers(phone)) == 1


def test_t51_a_further_code_gives_no_further_tries(gate):
    phone = gate.phone()
    first = gate.ask_code(phone)
    for by in (1, 2, 3):
        assert any(WRONG in text for text in gate.say(phone, wrong(first, by)))
    gate.clock.now += COOL_DOWN
    second = gate.ask_code(phone)
    assert any("Du har 1 forsøk igjen" in text for text in gate.say(phone, wrong(second)))
    assert any(USED_UP in text for text in gate.say(phone, wrong(second, 2)))
    for code in (first, second):
        gate.put(phone, code)
    assert trusted(gate, phone) == []
    assert [row.tries for row in challenges(gate, phone)] == [5]


def test_t51_the_two_newest_codes_are_good_and_older_ones_are_not(gate):
    phone = gate.phone()
    given = []
    for pause in (COOL_DOWN, COOL_DOWN * 2, COOL_DOWN):
        given.append(gate.ask_code(phone))
        gate.clock.now += pause
    assert len(set(given)) == 3
    assert any("Du har 4 forsøk igjen" in text for text in gate.say(phone, given[0]))
    assert any(PROVED in text for text in gate.say(phone, given[1]))
    gate.put(phone, given[2])
    assert len(trusted(gate, phone)) == 1


def test_t51_a_subject_has_ten_wrong_tries_a_day_in_all_its_conversations(gate):
    phone = gate.phone()
    given = {to: gate.ask_code(phone, to) for to in OURS}
    guesses = [(phone, wrong(code, by), to) for to, code in given.items() for by in (1, 2, 3, 4)]
    with gate.others(3) as stores:
        gate.at_once(stores, guesses)
    assert len(wrong_tries(gate, phone)) == 10
    for to, code in given.items():
        gate.put(phone, code, to)
    assert trusted(gate, phone) == []
    assert any("mange feil koder" in text for text in gate.say(phone, "kode"))
    gate.clock.now += DAY
    gate.prove(phone)
    assert len(trusted(gate, phone)) == 1


def test_t51_the_last_try_of_a_day_is_one_try_on_many_processes_too(gate):
    for _ in range(3):
        phone = gate.phone()
        given = {to: gate.ask_code(phone, to) for to in OURS}
        for at in range(9):
            to = OURS[at % 3]
            gate.put(phone, wrong(given[to], at + 1), to)
        with gate.others(3) as stores:
            gate.at_once(stores, [(phone, wrong(given[to], 10), to) for to in OURS])
        assert len(wrong_tries(gate, phone)) == 10


def test_t51_a_try_stays_counted_where_the_turn_raised(gate):
    def fail(*given):
        raise RuntimeError

    phone = gate.phone()
    code = gate.ask_code(phone)
    for by in range(1, 6):
        gate.put(phone, wrong(code, by), core=intake.Core(take=fail))
    assert [row.tries for row in challenges(gate, phone)] == [5]
    gate.put(phone, "tilbake")
    gate.put(phone, code)
    assert trusted(gate, phone) == []


def test_t52_a_code_of_another_conversation_is_wrong_and_counts(gate):
    one, two = gate.phone(), gate.phone()
    code = gate.ask_code(one)
    gate.ask_code(two)
    gate.ask_code(one, OURS[1])
    gate.put(two, code)
    gate.put(one, code, OURS[1])
    assert trusted(gate, one) == trusted(gate, two) == []
    assert [row.tries for row in challenges(gate, one) + challenges(gate, two)] == [0, 1, 1]
    gate.put(one, code)
    assert len(trusted(gate, one)) == 1


def test_t52_a_code_is_good_once(gate):
    phone = gate.phone()
    code = gate.ask_code(phone)
    gate.put(phone, code)
    gate.put(phone, "logg ut")
    assert not any(PROVED in text for text in gate.say(phone, code))
    gate.put(phone, "kode")
    gate.put(phone, code)
    assert all(row.trusted_until <= gate.clock.now for row in trusted(gate, phone))


ELSEWHERE = {
    "purpose": "change_contact",
    "destination": "+4790000099",
    "about": "another case",
    "key_id": "gone",
}


@pytest.mark.parametrize(("column", "other"), ELSEWHERE.items(), ids=ELSEWHERE)
def test_t52_a_code_is_bound_to_what_it_was_asked_for(gate, column, other):
    phone = gate.phone()
    code = gate.ask_code(phone)
    [challenge] = challenges(gate, phone)
    change(gate, Challenge, challenge.id, **{column: other})
    gate.put(phone, code)
    assert trusted(gate, phone) == []


def test_t52_a_code_moved_to_another_challenge_opens_nothing(gate):
    one, two = gate.phone(), gate.phone()
    code = gate.ask_code(one)
    for phone, to in ((two, OURS[0]), (one, OURS[1])):
        gate.ask_code(phone, to)
        [first, *_], newest = challenges(gate, one), challenges(gate, phone)[-1]
        change(gate, Challenge, newest.id, mac=first.mac)
        gate.put(phone, code, to)
        assert trusted(gate, phone) == []


def change(gate, table, key, **values):
    """As somebody would who can write to the database."""
    gate.do(lambda work: run(work, update(table).where(table.id == key).values(**values)))


def run(work, statement, rows=None):
    with work.session() as session:
        session.connection().execute(statement, rows)


@pytest.mark.parametrize(("after_s", "good"), [(0, True), (599, True), (600, False), (3600, False), (-3600, True)])
def test_t26_a_code_lasts_ten_minutes_by_the_stores_clock(fresh, after_s, good):
    phone = fresh.phone()
    code = fresh.ask_code(phone)
    fresh.clock.now += timedelta(seconds=after_s)
    texts = fresh.say(phone, code)
    assert any((PROVED if good else EXPIRED) in text for text in texts)
    assert len(trusted(fresh, phone)) == good


def test_t26_the_earlier_of_two_codes_lasts_no_longer_for_the_later(fresh):
    phone = fresh.phone()
    first = fresh.ask_code(phone)
    fresh.clock.now += timedelta(minutes=9)
    second = fresh.ask_code(phone)
    fresh.clock.now += timedelta(minutes=2)
    assert any(WRONG in text for text in fresh.say(phone, first))
    assert any(PROVED in text for text in fresh.say(phone, second))


def test_t26_a_clock_that_is_set_back_revives_no_code(fresh):
    phone = fresh.phone()
    code = fresh.ask_code(phone)
    fresh.clock.now += timedelta(minutes=11)
    fresh.put(fresh.phone(), "hei")
    fresh.clock.now -= HOUR
    with fresh.others(1) as [again]:
        intake.receive(again, fresh.fronts, fresh.inbound(phone, code), fresh.dice)
    assert trusted(fresh, phone) == []


def outcome(gate, phone, said, number="-"):
    """What comes back, and how many rows of each table it makes."""
    before = counts(gate)
    texts = [gate.say(phone, gate.code(phone) if body == "{code}" else body) for body in said]
    after = counts(gate)
    answers = [without_digits(text.replace(number, "") for text in one) for one in texts]
    return answers, {table: after[table] - before[table] for table in after}


def counts(gate):
    with gate.store.read() as session:
        return {
            table.name: session.connection().exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar()
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize(
    "said",
    [("status",), ("kode",), ("status", "000000"), ("status", "kode"), ("status IN-99999999",), ("logg ut",)],
    ids=repr,
)
def test_t53_a_customer_and_a_stranger_get_the_same_answer_and_leave_the_same_rows(gate, said):
    customer, stranger = gate.phone(), gate.phone()
    gate.put(customer, ENQUIRY)
    gate.put(customer, "send")
    gate.prove(customer)
    for phone in (customer, stranger):
        gate.put(phone, "logg ut")
        gate.settle()
        gate.news(phone)
    gate.clock.now += COOL_DOWN
    assert outcome(gate, customer, said) == outcome(gate, stranger, said)


@pytest.mark.parametrize("said", [("status {n}", "{code}"), ("{n}",), ("{n} hva skjer?",), ("{code}", "status {n}")])
def test_t53_t24_a_case_of_somebody_else_is_as_none(gate, said):
    owner, one, two = gate.phone(), gate.phone(), gate.phone()
    gate.put(owner, ENQUIRY)
    gate.put(owner, "send")
    [case] = gate.cases(owner)
    seen = []
    for phone, number in ((one, case.number), (two, "IN-99999999")):
        gate.say(phone, "kode")
        gate.clock.now += COOL_DOWN
        seen.append(outcome(gate, phone, [body.replace("{n}", number) for body in said], number))
    assert seen[0] == seen[1]
    assert gate.case(case.number).comments == ()


def sent(gate, phone):
    return [row.at for row in gate.rows(CodeSent, destination=phone)]


def test_t54_a_number_gets_three_codes_an_hour_and_five_a_day_by_all_ways_together(gate):
    victim, stranger = gate.phone(), gate.phone()
    gate.put(victim, "hei")
    [conversation] = gate.rows(Conversation, their_address=victim)
    for at in range(60):
        gate.put(victim, "logg ut" if at % 3 == 0 else "kode" if at % 3 == 1 else "status", OURS[at % 2])
        gate.clock.now += timedelta(minutes=25)
        if at == 1:
            other_purpose(gate, conversation, victim)
    assert (most_within(sent(gate, victim), HOUR), most_within(sent(gate, victim), DAY)) == (3, 5)
    assert gate.ask_code(stranger)


def other_purpose(gate, conversation, phone):
    """A code that the number is sent for something else."""
    wanted = SendCode(gate.dice.new_id(), gate.dice.new_id(), "erase", (), 8, gate.clock.now + HOUR)
    subject = codes.Subject("nordlys", "grid", conversation.address, phone)
    gate.do(lambda work: codes.draw(work, gate.dice, subject, wanted))


def test_t54_many_at_once_do_not_get_past_the_limit(gate):
    with gate.others(3) as stores:
        for _ in range(4):
            phone = gate.phone()
            for to in OURS:
                gate.put(phone, "hei", to)
            gate.ask_code(phone)
            gate.clock.now += COOL_DOWN
            gate.ask_code(phone)
            gate.at_once(stores, [(phone, "kode", to) for to in (*OURS[1:], *OURS[1:])])
            assert len(sent(gate, phone)) == 3


def test_t54_the_text_says_who_sends_it_what_it_is_for_and_what_to_do(gate):
    [text] = gate.say(gate.phone(), "kode")
    for part in (SENT, "innen 10 min", "Del den aldri", "Ikke deg? Se bort fra den."):
        assert part in text


def test_t54_a_block_of_numbers_gets_fifty_an_hour(gate):
    block = gate.phone()[:-3]
    for at in range(52):
        gate.put(f"{block}{at:03}", "kode")
    assert len(gate.rows(CodeSent, block=block)) == 50
    assert any("Vi får ikke sendt flere koder" in text for text in gate.say(f"{block}052", "kode"))
    assert any(SENT in text for text in gate.say(gate.phone(), "kode"))


SEEDED = {
    "all in an hour": (600, timedelta(minutes=30), False, "Vi får ikke sendt flere koder"),
    "one below": (599, timedelta(minutes=30), False, SENT),
    "an hour ago": (600, timedelta(minutes=61), False, SENT),
    "the money cap of a day": (2000, timedelta(hours=2), False, "Vi får ikke sendt flere koder"),
    "one below the cap": (1999, timedelta(hours=2), False, SENT),
    "few of a block come back": (50, timedelta(hours=2), True, "Vi sender ingen koder"),
    "too few to tell": (49, timedelta(hours=2), True, SENT),
}


@pytest.mark.parametrize(("how_many", "ago", "same_block", "answer"), SEEDED.values(), ids=SEEDED)
def test_t54_the_whole_desk_and_a_block_have_a_cap(fresh, how_many, ago, same_block, answer):
    phone = fresh.phone()
    fresh.put(fresh.phone(), "kode")
    [challenge] = fresh.rows(Challenge)
    [seed] = fresh.rows(CodeSent)
    at, block = fresh.clock.now - ago, phone[:-3]
    rows = [
        {**seed.model_dump(), "id": f"{n:036}", "block": block if same_block else f"+4680{n:05}", "at": at}
        for n in range(how_many)
    ]
    fresh.do(lambda work: run(work, metadata.tables["code_sent"].delete()))
    fresh.do(lambda work: run(work, insert(CodeSent), rows))
    change(fresh, Challenge, challenge.id, created_at=at)
    assert [answer in text for text in fresh.say(phone, "kode")] == [True]
