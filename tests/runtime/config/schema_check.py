"""Checks a value against a JSON Schema: as much of draft 2020-12 as the program's own schemas use.

A keyword that it does not know is an error, so that no schema is checked by half.
"""
import re

IS_OF = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}


def of_type(types, value):
    return any(IS_OF[name](value) for name in ([types] if isinstance(types, str) else types))


def is_number(value):
    return IS_OF["number"](value)


# By keyword: what it says of a value, as true or false.
HOLDS = {
    "type": of_type,
    "enum": lambda allowed, value: value in allowed,
    "pattern": lambda pattern, value: not isinstance(value, str) or re.search(pattern, value) is not None,
    "minimum": lambda bound, value: not is_number(value) or value >= bound,
    "maximum": lambda bound, value: not is_number(value) or value <= bound,
    "minLength": lambda bound, value: not isinstance(value, str) or len(value) >= bound,
    "maxItems": lambda bound, value: not isinstance(value, list) or len(value) <= bound,
    "required": lambda names, value: not isinstance(value, dict) or all(name in value for name in names),
    "anyOf": lambda schemas, value: any(not problems(each, value) for each in schemas),
}
SAYS_NOTHING = {"$schema", "title", "description", "default", "properties", "additionalProperties", "items"}


def of_members(schema, value, path):
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name, member in value.items():
        where = f"{path}.{name}"
        if name in known:
            yield from problems(known[name], member, where)
        elif others is False:
            yield f"{where}: unknown"
        elif others is not True:
            yield from problems(others, member, where)


def problems(schema, value, path=""):
    """What `schema` has against `value`, each with its place; an empty list = nothing."""
    unknown = set(schema) - set(HOLDS) - SAYS_NOTHING
    if unknown:
        raise ValueError(f"{path}: the check does not know {sorted(unknown)}")
    found = [f"{path}: {key}" for key, holds in HOLDS.items() if key in schema and not holds(schema[key], value)]
    if isinstance(value, dict):
        found += of_members(schema, value, path)
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            found += problems(schema["items"], item, f"{path}[{i}]")
    return found
