"""How two messages or records differ, in words that hold no customer's text."""

TOLERANCE = 1e-6


def differences(want, got, path=""):
    """Fields in which `got` is not what `want` says; levels agree within 1e-6."""
    found = []
    for field in want.DESCRIPTOR.fields:
        name = f"{path}{field.name}"
        wanted, given = getattr(want, field.name), getattr(got, field.name)
        if field.label == field.LABEL_REPEATED:
            found += repeated_differences(field, wanted, given, name)
        elif field.has_presence and want.HasField(field.name) != got.HasField(field.name):
            found.append(f"{name} is {'missing' if want.HasField(field.name) else 'not expected'}")
        elif field.type == field.TYPE_MESSAGE:
            found += differences(wanted, given, f"{name}.")
        else:
            found += value_differences(field, wanted, given, name)
    return found


def repeated_differences(field, wanted, given, name):
    if len(wanted) != len(given):
        return [f"{name} has {len(given)} entries, expected {len(wanted)}"]
    if field.message_type is None:
        return [] if list(wanted) == list(given) else [f"{name} differs"]
    if field.message_type.GetOptions().map_entry:
        return [f"{name}[{key}] differs" for key in wanted if key not in given or wanted[key] != given[key]]
    return [line for index, pair in enumerate(zip(wanted, given))
            for line in differences(*pair, f"{name}[{index}].")]


def value_differences(field, wanted, given, name):
    if wanted == given:
        return []
    if field.type == field.TYPE_DOUBLE:
        return [] if abs(wanted - given) <= TOLERANCE else [f"{name} is {given!r}, expected {wanted!r}"]
    if field.type in (field.TYPE_STRING, field.TYPE_BYTES):
        return [f"{name} differs"]
    return [f"{name} is {given}, expected {wanted}"]


def original_differences(want, got):
    """A record that was set aside must be what came, its headers first, then ours."""
    found = []
    for name, wanted, given in (("key", want.key, got.key), ("value", want.original.value, got.value)):
        if (wanted is None) != (given is None):
            found.append(f"{name} is {'not null' if wanted is None else 'null'}")
        elif wanted != given:
            found.append(f"{name} is not byte-identical")
    wanted, given = list(want.headers), list(got.headers)
    if [name for name, _ in wanted] != [name for name, _ in given]:
        found.append("header names differ")
    else:
        found += [f"header {name} differs" for (name, value), (_, other) in zip(wanted, given) if value != other]
    return found
