"""One turn: what a conversation was told goes in; the new state, the draft and what to do come out. Pure.

A message is offered to the moves in the order of ``MESSAGE_MOVES`` until one takes it. What else may happen to
a conversation has one move a kind, in ``HAPPENED_MOVES``. Then the next question of the draft is put, what
changed is written onto its case, and the brakes decide whether the answer leaves.
"""

from collections.abc import Callable
from datetime import datetime

from conversations import limits
from conversations.changed import changed
from conversations.desk.ready import ReadyDesk
from conversations.dice import Dice
from conversations.effects import AddToAlert, DeliveryClass, OptIn, Say, SendCode, Turn, Withheld
from conversations.facts import Facts, Missing, Needs, RecentAnswers
from conversations.inputs import (
    AlertAcknowledged,
    CodeNotSent,
    Commented,
    DangerUnanswered,
    DraftLeftIdle,
    GivenBack,
    Input,
    Message,
    StatusChanged,
    TakenOver,
    WordsUnplaced,
)
from conversations.language import detect
from conversations.moves import (
    answer,
    choose,
    code,
    collect,
    danger,
    drafts,
    erase,
    guide,
    hand_over,
    look_up,
    on_call,
    opening,
    own_words,
    question,
    reply,
    review,
    secrets,
    seen,
    status,
    stop,
    who,
)
from conversations.state import Draft, Note, State
from conversations.talk import Talk
from conversations.text import Mark
from conversations.words import FREE_TEXT, Command, Heard, misspelled, read_command, shown

Move = Callable[[Talk], bool]
UNREACHABLE: tuple[Withheld, ...] = ("opted_out", "no_return_address")
STUCK = 2
"""Turns in a row that moved nothing, after which the words that help are said."""
WEARY = 3
"""Turns in a row that moved nothing, after which a person takes over."""
MISSPELLED_AT = ("", "choice", "choices", "yes_no", "review", "terms")
"""Questions that no word is the answer to which all but is one of ours."""


def take_turn(
    desk: ReadyDesk, state: State, draft: Draft | None, told: Input, facts: Facts, now: datetime, dice: Dice
) -> Turn | Needs:
    """Take one turn, or say what must be known of the store first. The same in, the same out."""
    talk = Talk(desk, state, draft, told, facts, now, dice)
    try:
        who.remember(talk)
        drafts.bring_up_to_date(talk)
        if isinstance(told, Message):
            _take_message(talk)
        else:
            HAPPENED_MOVES[type(told)](talk)
        return _made(talk, draft)
    except Missing as missing:
        return Needs((missing.query,))


def rescue(
    desk: ReadyDesk, state: State, draft: Draft | None, told: Input, facts: Facts, now: datetime, dice: Dice
) -> Turn | Needs:
    """The turn for a message whose own turn raised: a person takes it, danger is alerted all the same."""
    talk = Talk(desk, changed(state, asked=None, digression=None), None, told, facts, now, dice)
    talk.disposition, talk.reason = "to_person", "turn_raised"
    try:
        return _rescued(talk, drafts.words_of(draft) if draft and not draft.case else ())
    except Missing as missing:
        return Needs((missing.query,))


def _rescued(talk: Talk, begun: tuple[Note, ...]) -> Turn:
    if not isinstance(talk.told, Message):
        return talk.made()
    if stop.stop_or_start(talk):
        talk.disposition = "opt_out"
    elif not danger.judge(talk) or talk.question:
        talk.question = None
        hand_over.to_person(talk, "turn_raised", (*begun, talk.note()))
        talk.say("sorry.recorded")
    collect.write_to_case(talk, None)
    return _withhold(talk.made(), _reason_to_withhold(talk), talk.began)


def _take_message(talk: Talk) -> None:
    _choose_language(talk)
    digression = talk.state.digression
    for _, move in MESSAGE_MOVES:
        if move(talk):
            break
    if talk.state.digression is digression and talk.disposition == "turn":
        # Something else was said: it is over.
        talk.change(digression=None)
    if not talk.moved and not talk.excused and talk.facts.asked_claimed:
        idle = talk.state.idle_turns + 1
        if idle >= WEARY:
            _give_up(talk)
        elif idle == STUCK:
            talk.say("weary.help", help=shown(Command.HELP, talk.language), agent=shown(Command.AGENT, talk.language))


def _made(talk: Talk, before: Draft | None) -> Turn:
    secrets.seal_and_mask(talk)
    if isinstance(talk.told, Message) and talk.disposition == "turn":
        review.open_early(talk)
        question.go_on(talk)
    withheld = _reason_to_withhold(talk)
    if withheld in UNREACHABLE and isinstance(talk.told, Message):
        review.leave_nothing(talk, withheld)
    collect.write_to_case(talk, before)
    turn = talk.made()
    danger.set_timer(talk)
    hand_over.set_timer(talk)
    return _withhold(changed(turn, effects=tuple(talk.effects)), withheld, talk.began)


def _choose_language(talk: Talk) -> None:
    if talk.state.language is None:
        spoken = talk.desk.desk.languages
        heard = read_command(talk.message.text)
        named = own_words.language(talk) or opening.language(talk)
        known = heard.language if heard else named or detect(talk.message.text, spoken)
        if known in spoken:
            talk.change(language=known)


def _command(talk: Talk) -> bool:
    """A word that always works, unless the question that stands takes it as its answer."""
    kind = talk.asked_kind
    heard = read_command(
        talk.message.text,
        free_text_asked=kind in FREE_TEXT,
        rett_shown=kind != "yes_no",
        at_read_back=kind == "review" and not talk.state.digression,
    )
    if heard is None and kind in FREE_TEXT:
        heard = _edit_of_an_answer(talk, kind)
    if heard is None and kind in MISSPELLED_AT:
        heard = misspelled(talk.message.text)
    if heard is None or heard.command not in COMMANDS:
        return False
    if heard.command is Command.EDIT and heard.argument and not talk.draft:
        # «Endre avtalen» is what somebody wants, where there is no answer to change.
        return False
    COMMANDS[heard.command](talk, heard)
    return True


def _edit_of_an_answer(talk: Talk, kind: str) -> Heard | None:
    """«ÄNDRA portkod» where any text would do: the whole label of something answered; a name never has one in it."""
    heard = read_command(talk.message.text, rett_shown=True)
    if heard is None or heard.command is not Command.EDIT or heard.argument is None:
        return None
    return heard if review.names_answer(talk, heard.argument, whole=kind != "person_name") else None


def _late(talk: Talk) -> bool:
    """Fetched afterwards and older than the question: never its answer, but never lost either."""
    if not talk.message.late:
        return False
    if talk.draft:
        collect.fill(talk, (talk.note(),))
    talk.disposition = "late" if talk.draft else "to_person"
    talk.reason, talk.moved = "older_than_question", True
    return True


def _picture(talk: Talk) -> bool:
    """A picture and no words: it cannot come this way."""
    if not talk.message.media_count or talk.message.text.strip():
        return False
    talk.moved = True
    _say_nothing_came(talk, "media.not_here")
    return True


def _empty(talk: Talk) -> bool:
    if talk.message.text.strip():
        return False
    _say_nothing_came(talk, "empty")
    return True


def _say_nothing_came(talk: Talk, msgid: str) -> None:
    """Where nothing is under way that is asked on: with who we are, and what to do next."""
    state = talk.state
    if talk.draft or state.held or state.danger_asked or state.cases:
        talk.say(msgid)
    else:
        talk.say(f"{msgid}.first", desk=talk.desk.desk.name, menu=shown(Command.MENU, talk.language))


def _lost(talk: Talk) -> bool:
    """A form is under way and the text fits nothing: it is kept, and the question put again."""
    if not talk.draft:
        return False
    collect.fill(talk, (talk.note(),))
    talk.say("noted")
    return True


def _draft_left_idle(talk: Talk) -> None:
    # Of several who have the phone nobody knows who reads this: what the draft says is not put before them.
    if drafts.left_idle(talk) and not who.is_open(talk):
        question.go_on(talk)


def _given_back(talk: Talk) -> None:
    if hand_over.given_back(talk):
        question.go_on(talk)


def _status_changed(talk: Talk) -> None:
    handed = talk.state.handed_over
    status.changed(talk)
    if handed and not talk.state.handed_over and talk.draft:
        # Closing the case gives the conversation back.
        hand_over.say_back(talk)
        question.go_on(talk)


def _give_up(talk: Talk) -> None:
    talk.said.clear()
    if talk.question and talk.question.what == "danger":
        danger.to_person(talk)
    else:
        talk.question = None
        is_kept = talk.draft or any(one.message == talk.message.id for one in talk.state.held)
        case = hand_over.to_person(talk, "nothing_moved", () if is_kept else (talk.note(),))
        talk.say("agent.weary", case=Mark("case_number", case), menu=shown(Command.MENU, talk.language))
    talk.moved = True


def _reason_to_withhold(talk: Talk) -> Withheld:
    """Why no answer may leave, if so; a safety text leaves even after our own STOPP, and the first is not braked.

    The answer to more of a danger that is open is: a machine that mentions a fire answers it for ever. What
    happened elsewhere is told without a brake, but for the end of a question that a machine may answer.
    """
    ours = talk.desk.desk.answers_on
    if talk.facts.address in ours.sms or not limits.can_be_answered(talk.facts.address, talk.facts.channel):
        return "no_return_address"
    safety = talk.delivery_class is DeliveryClass.DANGER
    if talk.facts.opted_out == "carrier" or (talk.facts.opted_out and not safety):
        return "" if any(isinstance(one, OptIn) for one in talk.effects) else "opted_out"
    if safety and talk.moved and not any(isinstance(one, AddToAlert) for one in talk.effects):
        return ""
    if talk.reason == limits.CODE_UNANSWERED:
        return "brake"
    if talk.facts.turns < limits.FEWEST_BRAKED or not isinstance(talk.told, Message | DangerUnanswered):
        return ""
    counts = talk.facts.find(RecentAnswers())
    return "brake" if limits.brake(counts, moved=talk.moved) else ""


def _withhold(turn: Turn, withheld: Withheld, began: State) -> Turn:
    if not withheld:
        return turn
    kept = [effect for effect in turn.effects if not isinstance(effect, SendCode)]
    effects = tuple(changed(one, withheld=withheld) if isinstance(one, Say) else one for one in kept)
    unasked = any(isinstance(one, SendCode) and not one.again for one in turn.effects)
    state = changed(turn.state, challenge=None, after_code=None) if unasked else turn.state
    return changed(turn, state=_as_seen(state, began), effects=effects)


def _as_seen(state: State, began: State) -> State:
    """A question put again and not sent stands as it was seen: its answer is read all the same."""
    seen = {}
    for which in ("asked", "digression", "danger_asked"):
        now, before = getattr(state, which), getattr(began, which)
        if now and before and (now.what, now.options) == (before.what, before.options):
            seen[which] = before
    return changed(state, **seen)


COMMANDS: dict[Command, Callable[[Talk, Heard], None]] = {
    Command.HELP: lambda talk, heard: guide.help_me(talk),
    Command.MENU: lambda talk, heard: guide.menu(talk),
    Command.BACK: lambda talk, heard: review.back(talk),
    Command.SKIP: lambda talk, heard: review.skip(talk),
    Command.EDIT: lambda talk, heard: review.edit(talk, heard.argument),
    Command.SAVE: lambda talk, heard: None if look_up.keep(talk) else drafts.save(talk),
    Command.RESUME: lambda talk, heard: drafts.resume(talk, heard.argument),
    Command.SEND: lambda talk, heard: review.send(talk),
    Command.DROP: lambda talk, heard: review.drop(talk),
    Command.STATUS: lambda talk, heard: status.ask(talk, heard.argument),
    Command.SEARCH: lambda talk, heard: status.look_for(talk, heard.argument),
    Command.AGENT: lambda talk, heard: hand_over.ask_for(talk),
    Command.LANGUAGE: lambda talk, heard: guide.language(talk, heard.argument),
    Command.CODE: lambda talk, heard: code.ask_for_new(talk),
    Command.SIGN_OUT: lambda talk, heard: code.sign_out(talk),
    Command.ERASE_ME: lambda talk, heard: erase.ask(talk),
}

MESSAGE_MOVES: tuple[tuple[str, Move], ...] = (
    ("stop_or_start", stop.stop_or_start),
    ("acknowledge", on_call.acknowledge),
    ("danger", danger.judge),
    ("is_it_danger", opening.danger_or_not),
    ("code", code.came_back),
    ("handed_over", hand_over.silent),
    ("late", _late),
    ("picture", _picture),
    ("empty", _empty),
    ("who_writes", choose.who_writes),
    ("choice", choose.choose),
    ("terms", look_up.terms),
    ("draft_code", drafts.named),
    ("command", _command),
    ("own_word", own_words.begin),
    ("word_of_field", own_words.of_field),
    ("answer_to_alert", on_call.without_word),
    ("no_choice", opening.no_choice),
    ("named_case", reply.named_case),
    ("ask_again", choose.ask_again),
    ("comment", reply.to_awaited),
    ("courtesy", opening.courtesy),
    ("more_urgent", opening.more_urgent),
    ("question_unsent", collect.not_asked_yet),
    ("answer", answer.read),
    ("comment_after_all", reply.to_awaited_after_all),
    ("read_back", review.answer),
    ("code_awaited", code.awaited),
    ("open_case", reply.to_open_case),
    ("lost", _lost),
    ("opening", opening.begin),
)

HAPPENED_MOVES: dict[type, Callable[[Talk], None]] = {
    AlertAcknowledged: seen.acknowledged,
    CodeNotSent: code.not_sent,
    Commented: reply.commented,
    DangerUnanswered: danger.unanswered,
    DraftLeftIdle: _draft_left_idle,
    GivenBack: _given_back,
    StatusChanged: _status_changed,
    TakenOver: hand_over.taken_over,
    WordsUnplaced: hand_over.words_unplaced,
}
