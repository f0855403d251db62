"""What a customer remembers of contacts that are over: the worst and the best moment and the last end, which fade."""

from collections import namedtuple

import oracle_causes as causes
from oracle_levels import ONE, divide
from oracle_needs import MINUTE_MS, sought_help
from oracle_parts import Parts
from oracle_waits import remembered_channel, with_waits_of

DAY_MS = 86_400_000
LAST_MINUTE = 2**32 - 1
STEP = 100_000  # of a level, in 1e-9
STEPS_PER_HALF_LIFE = 64
MOST_HALF_LIVES = 15
# What is left of ONE after so many steps, by multiplication as everybody must do it.
LEFT = []
_left = 1.0
for _ in range(STEPS_PER_HALF_LIFE + 1):
    LEFT.append(int(_left * 1e9 + 0.5))
    _left *= 0.98922801319397548412

# Levels in steps of 1e-4, `end` None where no feeling was known; times in minutes, 0 = never;
# names of the last need are halves of hashes, 0 = not named. `usual` is a score, `waits` are
# until an answer (oracle_waits.py).
Memory = namedtuple("Memory", "worst best end worst_minute best_minute end_minute unrecovered resolved channel "
                              "last_minute case_id intent touchpoint need_minute usual usual_journeys waits")
NOTHING = Memory(0, 0, None, 0, 0, 0, False, False, 0, 0, 0, 0, 0, 0, 0, 0, ())
MEAN_OF, MOST_JOURNEYS = 8, 255  # journeys: in the usual score, and that are counted


def minute_of(ms):
    return max(1, min(LAST_MINUTE, ms // MINUTE_MS))


def days_since(minute, ms):
    """Of what never happened: no day."""
    return max(0, ms - minute * MINUTE_MS) // DAY_MS if minute else 0


def nano_of(level):
    return level * STEP


def is_empty(memory):
    return memory.last_minute == 0


def faded(level, minutes, half_life):
    """What is left of a level: halved in each half-life, in between along straight lines."""
    if minutes <= 0:
        return level
    halvings, rest = divmod(minutes * MINUTE_MS, half_life)
    if halvings > MOST_HALF_LIVES:
        return 0
    step, rest = divmod(rest * STEPS_PER_HALF_LIFE, half_life)
    factor = LEFT[step] - (LEFT[step] - LEFT[step + 1]) * rest // half_life
    return divide(level * factor, ONE * 2**halvings)


def faded_to(memory, minute, half_lives):
    """The memory as of a minute."""
    end = memory.end
    return memory._replace(
        worst=faded(memory.worst, minute - memory.worst_minute, half_lives.worst),
        best=faded(memory.best, minute - memory.best_minute, half_lives.best),
        end=None if end is None else faded(end, minute - memory.end_minute, half_lives.end))


def is_stronger(new, old, half_life):
    """Whether the new (level, minute) counts more than the old one, both seen from the later minute."""
    later = max(new[1], old[1])
    left, old_left = (abs(faded(level, later - minute, half_life)) for level, minute in (new, old))
    return left >= old_left


def remember(story):
    """What is remembered after a story by who remembered `story.before`."""
    contacts, memory, half_lives = story.contacts, story.before, story.policy.memory
    parts = Parts(contacts, story)
    for name, felt in (("worst", parts.negative), ("best", parts.positive)):
        if felt is None:
            continue
        new = divide(felt.impression.valence, STEP), minute_of(felt.impression.at)
        old = getattr(memory, name), getattr(memory, f"{name}_minute")
        if is_stronger(new, old, getattr(half_lives, name)):
            memory = memory._replace(**{name: new[0], f"{name}_minute": new[1]})
            if name == "worst":
                memory = memory._replace(unrecovered=True)
    if memory.unrecovered and any(makes_good(contact, memory.worst_minute * MINUTE_MS) for contact in contacts):
        memory = memory._replace(unrecovered=False)
    last = max(contacts, key=lambda contact: contact.last)
    resolved = parts.terminal is not None and parts.terminal.cause == causes.RESOLVED
    memory = memory._replace(last_minute=minute_of(last.last[0]), channel=remembered_channel(last.channel),
                             resolved=resolved, waits=with_waits_of(memory.waits, contacts, story.policy))
    if parts.end is not None:
        memory = memory._replace(end=divide(parts.end, STEP), end_minute=memory.last_minute)
    if parts.score is not None:
        count = min(memory.usual_journeys + 1, MEAN_OF)
        memory = memory._replace(usual=memory.usual + divide(divide(parts.score, STEP) - memory.usual, count),
                                 usual_journeys=min(memory.usual_journeys + 1, MOST_JOURNEYS))
    return with_need(memory, contacts)


def makes_good(contact, after):
    """Something was settled after a time, or somebody of ours spoke to the customer of their own accord."""
    resolved, human = contact.resolved(), contact.human_at()
    return (resolved is not None and resolved.at > after
            or contact.need().started_by_us() and human is not None and human > after)


def with_need(memory, contacts):
    """What the customer sought help for last."""
    last = max(filter(sought_help, contacts), key=lambda contact: contact.last, default=None)
    if last is None:
        return memory
    need = last.need()
    return memory._replace(case_id=need.half("case"), intent=need.half("intent"), touchpoint=need.half("touchpoint"),
                           need_minute=minute_of(last.last[0]))


class Memories:
    """What one customer remembers: `stored` of journeys that were dropped, and what others add to it."""

    def __init__(self):
        self.stored = NOTHING
        self.made = {}  # nothing is remembered twice that has not changed

    def after(self, story):
        key = (story.before, story.as_of, tuple(story.settlements),
               tuple((contact.first, contact.last, len(contact.events)) for contact in story.contacts))
        if key not in self.made:
            if len(self.made) == 32:
                self.made.clear()
            self.made[key] = remember(story)
        return self.made[key]

    def at(self, story, contact):
        """What the customer brings along into a contact of a journey; all that began before it count as they stand."""
        begins = contact.first[0]
        earlier = story.contacts[:story.contacts.index(contact)]
        memory = self.after(story.of(earlier, begins)) if earlier else story.before
        # The journey itself is none of those before.
        before = story.before
        memory = memory._replace(usual=before.usual, usual_journeys=before.usual_journeys, waits=before.waits)
        return faded_to(memory, minute_of(begins), story.policy.memory)
