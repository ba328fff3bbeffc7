"""What a caller of the API may ask for and send: checked strictly, so that a slip is told, not guessed at."""

import re
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from storage.case_views import CASES_AT_MOST

PUBLIC_AT_MOST: Final = 1200
"""Characters of a public comment: with the number, the desk and the name before it, it stays below the 1,600
that a text may have."""
INTERNAL_AT_MOST: Final = 10_000

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _keepable(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("holds a control character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half a surrogate pair") from None
    return text


Words = Annotated[str, AfterValidator(_keepable)]


class Body(BaseModel):
    """A JSON object with exactly these members, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """The parameters behind the question mark: each at most once, no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Query):
    """No parameters."""


class CaseFilter(Query):
    """Which cases to list, newest first."""

    desk: Words | None = Field(
        default=None, max_length=40, description="cases of this desk; a desk that does not exist is refused"
    )
    status: Words | None = Field(
        default=None, max_length=40, description="cases in this status; one that no desk has is refused"
    )
    open: bool | None = Field(default=None, description="`true`: open cases; `false`: closed ones")
    q: Words | None = Field(
        default=None, min_length=2, max_length=80, description="words in the number or in the answers"
    )
    limit: int = Field(default=50, ge=1, le=CASES_AT_MOST, description="how many cases a page has at most")
    after: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")] | None = Field(
        default=None, description="`next` of the page before"
    )


class CaseOfDesk(Query):
    """A case number is unique within its desk: where several desks have one alike, say which."""

    desk: Words | None = Field(default=None, max_length=40, description="the desk of that number")


class NewComment(Body):
    """A comment on a case. A public one is sent to the person who reported, in the conversation."""

    text: Words = Field(
        min_length=1,
        max_length=INTERNAL_AT_MOST,
        description=f"at most {PUBLIC_AT_MOST} characters where public, else {INTERNAL_AT_MOST}",
        examples=["Vi er på vei og er framme om en time."],
    )
    public: bool = Field(description="`true`: sent to the person; `false`: seen by caseworkers alone")
    author: Words | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="who wrote it, where one token serves several people; else the token's own name",
    )
    revision: int | None = Field(
        default=None, ge=1, description="refused with 409 where the case has another revision by now"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.text.strip():
            raise ValueError("the text is blank")
        if self.public and len(self.text) > PUBLIC_AT_MOST:
            raise ValueError(f"a public comment has at most {PUBLIC_AT_MOST} characters")
        return self


class NewStatus(Body):
    """The status that a case shall have, one of its desk's."""

    status: Words = Field(min_length=1, max_length=40, examples=["in_progress"])
    revision: int = Field(ge=1, description="the case's revision as you have seen it")


class NoBody(Body):
    """An empty object, or no body at all."""
