"""JSON Schemas of grading.yml and assignment.yml, made of the models, so that editors complete and check them.

Knows JSON Schema. Refuses to say anything that a model does not say.
"""

import json
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from autograder.settings.assignment import AssignmentFile
from autograder.settings.course import CourseSettings

__all__ = ["Kind", "schema_text"]

#: Which file a schema is of.
Kind = Literal["grading", "assignment"]

_MODELS: Final[dict[Kind, type[BaseModel]]] = {
    "grading": CourseSettings,
    "assignment": AssignmentFile,
}


class _WithoutTitles(GenerateJsonSchema):
    """An editor shows a key under its own name; "Call Time S" beside it would be noise."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never: see the class."""
        del schema
        return False


def schema_text(kind: Kind) -> str:
    """Returns the schema as it is published in docs/, with a line's end."""
    schema = _MODELS[kind].model_json_schema(schema_generator=_WithoutTitles)
    whole = {"$schema": _WithoutTitles.schema_dialect, **schema, "title": f"{kind}.yml"}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
