"""JSON Schema of what goes in and what comes out, made from the code's own values."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import TypeAdapter

from tripsheet.analysis import SCHEMA
from tripsheet.determination import Determination
from tripsheet.findings import Findings
from tripsheet.report import Report
from tripsheet.views.descriptions import describe

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_Schema = dict[str, Any]


def input_schema() -> _Schema:
    """The schema of one input record: a JSON object, a row of a table."""
    schema = TypeAdapter(Report).json_schema()
    _describe(schema, "Report")
    # null and absent mean the same on the way in, and a whole number may stand as id
    schema["properties"]["id"] = {
        "type": ["string", "integer"],
        "description": describe("Report", "id"),
    }
    return {
        "$schema": _DIALECT,
        "title": "tripsheet input: one report",
        **_tidy(schema, keep_defaults=True),
        "additionalProperties": False,
    }


def output_schema() -> _Schema:
    """The schema of one output object: an analysed report, or the error in its place."""
    found = TypeAdapter(Findings).json_schema(mode="serialization")
    decided = TypeAdapter(Determination).json_schema(mode="serialization")
    definitions: _Schema = {**found.pop("$defs"), **decided.pop("$defs")}
    for name, definition in definitions.items():
        _describe(definition, name)
    _describe(found, "Findings")
    _describe(decided, "Determination")
    mobility = definitions["Mobility"]
    mobility["properties"]["bed_confined"] = _described(
        TypeAdapter(Literal["yes", "no", "not_documented"]).json_schema(), "Mobility.bed_confined"
    )
    gaps, rules = decided["properties"].pop("gaps"), decided["properties"].pop("rules")
    report = {
        "type": "object",
        "title": "Output",
        "description": "An analysed report.",
        "properties": {
            "schema": _described({"const": SCHEMA}, "Output.schema"),
            "id": _described({"type": "string"}, "Output.id"),
            "rules": rules,
            "findings": _described({"$ref": "#/$defs/Findings"}, "Output.findings"),
            "coding": _described({"$ref": "#/$defs/Coding"}, "Output.coding"),
            "gaps": _described(gaps, "Output.gaps"),
        },
    }
    error = {
        "type": "object",
        "title": "Error",
        "description": "What stands in the place of an input that could not be read.",
        "properties": {
            "schema": _described({"const": SCHEMA}, "Output.schema"),
            "id": _described({"type": "string"}, "Error.id"),
            "error": {
                "type": "object",
                "description": describe("Error", "error"),
                "properties": {
                    "type": _described({"type": "string"}, "Error.type"),
                    "message": _described({"type": "string"}, "Error.message"),
                    "line": _described({"type": ["integer", "null"]}, "Error.line"),
                },
            },
        },
    }
    definitions |= {"Findings": found, "Coding": {**decided, "title": "Coding"}}
    definitions |= {"Output": report, "Error": error}
    tidied = {name: _tidy(definitions[name]) for name in sorted(definitions)}
    return {
        "$schema": _DIALECT,
        "title": "tripsheet output: one report",
        "oneOf": [{"$ref": "#/$defs/Output"}, {"$ref": "#/$defs/Error"}],
        "$defs": tidied,
    }


def _described(schema: _Schema, field: str) -> _Schema:
    return {**schema, "description": describe(*field.split("."))}


def _describe(schema: _Schema, owner: str) -> None:
    for name, field in schema["properties"].items():
        sentence = describe(owner, name)
        if sentence:
            field["description"] = sentence


def _tidy(schema: Any, *, keep_defaults: bool = False) -> Any:
    """A schema without pydantic's own titles; on the way out every field is always there."""
    if isinstance(schema, list):
        return [_tidy(item, keep_defaults=keep_defaults) for item in schema]
    if not isinstance(schema, dict):
        return schema
    dropped = () if keep_defaults else ("default", "required")
    tidied = {
        key: _tidy(value, keep_defaults=keep_defaults)
        for key, value in schema.items()
        if key not in (*dropped, "title", "properties")
    }
    if "properties" in schema:
        tidied["properties"] = {
            name: _tidy(field, keep_defaults=keep_defaults)
            for name, field in schema["properties"].items()
        }
        if not keep_defaults:
            tidied["required"] = list(tidied["properties"])
    return tidied


def schema_page() -> str:
    """`docs/output-schema.md`: every field of input and output, as tables for people."""
    given, made = input_schema(), output_schema()
    definitions: _Schema = made["$defs"]
    parts = [_PAGE_HEAD, "## In: one report\n", _table(given, required=given["required"])]
    parts += ["\n## Out: one object a report\n", _OUT_HEAD, _table(definitions["Output"])]
    order = ["Findings", "Coding", "Gap"]
    order += [name for name in definitions if name not in (*order, "Output", "Error")]
    for name in order:
        parts += [f"\n### {name}\n", _sentence(definitions[name]), _table(definitions[name])]
    parts += ["\n## Out: an input that could not be read\n", _ERROR_HEAD]
    parts.append(_table(definitions["Error"]["properties"]["error"]))
    return "\n".join(parts) + "\n"


_PAGE_HEAD = """\
# What goes in and what comes out

This page is made from the code's own values by `tripsheet schema --page`; `tripsheet schema`
prints the same as JSON Schema. Names are stable: fields are added, none is renamed.
"""
_OUT_HEAD = """\
`tripsheet analyze --format jsonl` writes one such object a line. Offsets count characters of the
narrative exactly as it came in: `narrative[start:end] == text`, always. Every field is always
there; what is not known is `null`, empty or `not_documented`.
"""
_ERROR_HEAD = """\
It yields `{"schema", "id", "error"}` in the same place of the output; the run goes on, and the
exit status is 1. Its `error` holds:
"""


def _table(schema: _Schema, required: list[str] | None = None) -> str:
    rows = ["| field | type | meaning |", "| --- | --- | --- |"]
    for name, field in schema["properties"].items():
        need = " (required)" if required and name in required else ""
        meaning = field.get("description", "").replace("|", "\\|")
        rows.append(f"| `{name}` | {_type(field)} | {meaning}{need} |")
    return "\n".join(rows)


def _sentence(schema: _Schema) -> str:
    return str(schema.get("description", "")).replace("\n", " ").strip() + "\n"


def _type(field: _Schema) -> str:
    """A field's type in words, a definition by the name of its section."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "anyOf" in field:
        return " or ".join(map(_type, field["anyOf"]))
    kind = field.get("type")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list of {_type(field['items'])}"
    if kind == "object" and isinstance(field.get("additionalProperties"), dict):
        return f"by name: {_type(field['additionalProperties'])}"
    return f"{kind} ({field['format']})" if "format" in field else str(kind)
