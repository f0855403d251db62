"""Every kind of fault, by its name."""

from faults import BrokerStop, CrashPoint, Hijack, Kill, Network, Poison, Rebalance, Snapshots, Zombie

KINDS = {fault.name: fault for fault in (Kill, CrashPoint, BrokerStop, Rebalance, Zombie, Hijack, Poison, Snapshots,
                                        Network)}
