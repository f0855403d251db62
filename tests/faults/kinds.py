"""Every kind of fault, by its name. F15 is no kind: a soak draws from these."""

from faults import BrokerStop, CrashPoint, Hijack, Kill, Network, Poison, Rebalance, Snapshots, Zombie
from lost_logs import ChangelogMoves, LostInput
from returns import Return
from upgrade import Upgrade

KINDS = {fault.name: fault for fault in (Kill, CrashPoint, BrokerStop, Rebalance, Zombie, Hijack, Poison, Snapshots,
                                        Network, Upgrade, ChangelogMoves, LostInput, Return)}
