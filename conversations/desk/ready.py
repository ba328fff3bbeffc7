"""A desk as a turn uses it: the model with everything compiled once, when it is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property

from conversations.danger import Detector
from conversations.desk.model import Desk, Form, FormField
from conversations.wording import Wording


@dataclass(frozen=True)
class ReadyDesk:
    """A checked desk of one version, its texts, what sets off danger, and its time zone."""

    desk: Desk
    version: int
    wording: Wording
    danger: Detector
    zone: tzinfo

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The desk's forms by id."""
        return {form.id: form for form in self.desk.forms}

    def field(self, form: str, field: str) -> FormField:
        """A form's field. Raises KeyError where the desk has none of that id."""
        return self._fields[form, field]

    @cached_property
    def _fields(self) -> Mapping[tuple[str, str], FormField]:
        return {(form.id, field.id): field for form in self.desk.forms for field in form.fields}
