"""Compiles the catalogues: `python hatch_build.py` does it in a checkout, hatchling for the wheel."""

import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALES = Path("conversations/locale")


class CatalogueHook(BuildHookInterface[Any]):
    """Puts the compiled catalogues, which git ignores, beside their sources in the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        compile_catalogues(Path(self.root))
        build_data["artifacts"].append(f"/{LOCALES}/*.mo")


def compile_catalogues(root: Path) -> None:
    """Writes `xx.mo` beside every `xx.po`; raises ValueError that names each faulty message."""
    faults = []
    for source in sorted((root / LOCALES).glob("*.po")):
        try:
            with source.open("rb") as file:
                catalogue = read_po(file, locale=source.stem, abort_invalid=True)
        except PoFileError as error:
            faults.append(f"{source}:{error.lineno + 1}: {error.line.strip()}")
            continue
        for message, errors in catalogue.check():
            faults += [f"{source}:{message.lineno}: {error}" for error in errors]
        # Written whole and then moved: a gateway that starts meanwhile must not read half a file.
        unfinished = source.with_suffix(".mo.part")
        with unfinished.open("wb") as file:
            write_mo(file, catalogue)
        unfinished.replace(source.with_suffix(".mo"))
    if faults:
        raise ValueError("\n".join(faults))


if __name__ == "__main__":
    try:
        compile_catalogues(Path(__file__).parent)
    except ValueError as error:
        sys.exit(str(error))
