"""What a progress record must say of the notices that records from its low-water mark on can be about."""

from oracle_messages import ProgressRecord


def posted(statement):
    """The statement as the record tells it."""
    message = ProgressRecord.PostedNotice(tenant_id=statement.key[0], notice=statement.notice,
                                          said_at_ms=statement.said, event_hash=statement.place[1],
                                          window_ms=statement.window, from_offset=statement.offset)
    if statement.replaced is not None:
        message.to_offset = statement.replaced
    return message


def notice_differences(progress, board, watermarks):
    """`board` as of the committed offset; watermarks at the low-water mark and then."""
    lateness = board.windows.allowed_lateness
    found = []
    through = progress.notices_through if progress.HasField("notices_through") else None
    if through != board.through:
        found.append(f"notices_through is {through}, expected {board.through}")
    given = {one.from_offset: one for one in progress.notices}
    known = {one.offset: one for one in board.history}
    # What was over when it came may be kept for a while: nothing is about it.
    if len(given) < len(progress.notices) or given.keys() - known.keys() - board.stillborn:
        found.append(f"notices are of offsets {[one.from_offset for one in progress.notices]}, known are those of "
                     f"{sorted(known)}")
    for offset, statement in known.items():
        counts = statement.replaced is None or statement.replaced >= progress.low_water_mark
        # Nobody asks for those that were over at the mark.
        if not counts or statement.is_over(watermarks[0], lateness):
            continue
        if offset not in given:
            found.append(f"notices: that of offset {offset} is missing")
            continue
        wanted = posted(statement)
        if statement.is_over(watermarks[1], lateness):  # nor whether somebody took down what was over
            given[offset].ClearField("to_offset")
            wanted.ClearField("to_offset")
        if given[offset] != wanted:
            found.append(f"notices: that of offset {offset} differs")
    return found
