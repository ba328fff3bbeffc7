"""What holds for the repository as a whole: its files, its catalogues, its wheel."""

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
LANGUAGES = {"nb", "sv", "en"}
SET_UP = ("Makefile", ".ci/run", "pyproject.toml", "requirements.lock", "hatch_build.py")
ADDRESS = re.compile(r"\w+://(?!127[.])|--(?:extra-)?index|--find-links|--trusted-host")


def test_what_sets_the_project_up_names_no_address_of_packages():
    # That the lock is made without them is what the Makefile's options of this name are for.
    texts = {
        path: _text(ROOT / path).replace("--no-emit-index-url", "").replace("--no-emit-find-links", "")
        for path in SET_UP
    }
    assert [f"{path}: {found[0]}" for path, text in texts.items() if (found := ADDRESS.search(text))] == []


def test_the_core_calls_no_builtin_that_reaches_outside():
    """ruff and import-linter see imports, and these need none."""
    outside = {"open", "input", "print", "breakpoint", "eval", "exec", "compile", "__import__"}
    calls = [
        f"{path}:{node.lineno}: {node.func.id}"
        for path in (ROOT / "conversations").rglob("*.py")
        for node in ast.walk(ast.parse(_text(path)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in outside
    ]
    assert not calls


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150


def test_there_is_a_catalogue_for_each_language():
    assert {path.stem for path in _catalogue_files()} == LANGUAGES


def test_the_catalogues_have_the_same_messages():
    catalogues = _catalogues()
    everything = set().union(*(_texts(catalogue) for catalogue in catalogues.values()))
    missing = {language: everything - _texts(catalogue).keys() for language, catalogue in catalogues.items()}
    assert missing == {language: set() for language in catalogues}


def test_every_message_has_a_text_in_each_language():
    empty = [
        f"{language}: {message}"
        for language, catalogue in _catalogues().items()
        for message, texts in _texts(catalogue).items()
        if not all(text.strip() for text in texts)
    ]
    assert not empty


def test_every_message_has_the_same_placeholders_in_each_language():
    texts = [_texts(catalogue) for catalogue in _catalogues().values()]
    different = [
        message
        for message in set().union(*texts)
        if len({_placeholders(translated.get(message, ())) for translated in texts}) > 1
    ]
    assert not different


@pytest.mark.slow
def test_the_wheel_holds_the_catalogues_and_no_tests(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=60)
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {Path(name).stem for name in names if name.endswith(".mo")} == LANGUAGES
    folders = {name.split("/")[0] for name in names}
    assert folders == {"conversations", "channels", "storage", "gateway", "caseline-0.1.0.dist-info"}


def _files() -> list[Path]:
    # A checkout of another user would be refused by git; a new file counts before it is committed.
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _catalogue_files() -> list[Path]:
    return sorted((ROOT / "conversations" / "locale").glob("*.po"))


def _catalogues() -> dict[str, Catalog]:
    catalogues = {}
    for path in _catalogue_files():
        with path.open("rb") as file:
            catalogues[path.stem] = read_po(file, locale=path.stem, abort_invalid=True)
    return catalogues


def _texts(catalogue: Catalog) -> dict[tuple[str | None, str], tuple[str, ...]]:
    """Message (context, id) to its forms, one or the plurals; a fuzzy text is none, as it is not compiled."""
    texts: dict[tuple[str | None, str], tuple[str, ...]] = {}
    for message in catalogue:
        if message.id:
            identity = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
            texts[message.context, identity] = ("",) if message.fuzzy else forms
    return texts


def _placeholders(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for text in texts for name in re.findall(r"\{[^{}]*\}", text))
