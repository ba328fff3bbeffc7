import pytest

from storage.keys import CannotOpen, Key, Keys

OLD, NEW = Key("k1", b"1" * 32), Key("k2", b"2" * 32)


def test_what_is_sealed_opens_for_its_row_alone():
    keys = Keys([NEW, OLD])
    sealed = keys.seal("123456", "row-a")
    assert keys.open(sealed, "row-a") == "123456"
    with pytest.raises(CannotOpen):
        keys.open(sealed, "row-b")


def test_the_newest_key_is_used_and_older_ones_still_open():
    sealed, mac = Keys([OLD]).seal("123456", "row"), Keys([OLD]).mac("k1", "a")
    both = Keys([NEW, OLD])
    assert both.newest == "k2"
    assert both.seal("x", "row").startswith("k2:")
    assert both.open(sealed, "row") == "123456"
    assert both.mac("k1", "a") == mac
    assert both.mac("k2", "a") != mac


def test_a_boundary_between_fields_cannot_be_moved():
    keys = Keys([OLD])
    assert keys.mac("k1", "ab", "c") != keys.mac("k1", "a", "bc")
    assert keys.mac("k1", "ab") != keys.mac("k1", "ab", "")


def test_two_texts_of_the_same_words_are_sealed_differently():
    keys = Keys([OLD])
    assert keys.seal("123456", "row") != keys.seal("123456", "row")


@pytest.mark.parametrize(
    "sealed",
    ["", "k1", "k1:", "k1:!!!!", "k1:AAAA", "k9:AAAA", "no key at all"],
)
def test_what_we_never_sealed_cannot_be_opened(sealed):
    with pytest.raises(CannotOpen):
        Keys([OLD]).open(sealed, "row")


def test_a_key_that_is_gone_makes_no_mac():
    with pytest.raises(CannotOpen):
        Keys([OLD]).mac("k2", "a")


@pytest.mark.parametrize(
    "keys",
    [[], [Key("k1", b"short")], [OLD, Key("k1", b"3" * 32)], [Key("", b"1" * 32)], [Key("a:b", b"1" * 32)]],
)
def test_keys_that_would_not_do_are_refused(keys):
    with pytest.raises(ValueError, match="key"):
        Keys(keys)
