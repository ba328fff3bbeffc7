"""The JSON Schema of a desk's file, for editors: with it they complete keys and show what each means."""

from typing import Any

from conversations.desk.model import NOT_YET, Desk


def desk_schema() -> dict[str, Any]:
    """The schema (draft 2020-12). A key that nothing executes yet says so in its description."""
    schema = Desk.model_json_schema(by_alias=True, mode="validation")
    schema["title"] = "A desk of Caseline"
    for block in (schema, *schema["$defs"].values()):
        for key in block.get("properties", {}).values():
            key.pop("title", None)
            if key.pop(NOT_YET, False):
                key["description"] = f"{key.get('description', '')} (not yet executed)".strip()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
