"""What runs where in one cluster: kubectl's own output, and look-ups by address."""

from refactor.inventory.cache import home
from refactor.inventory.index import Inventory
from refactor.inventory.load import load
from refactor.inventory.mapped import Mapping
from refactor.inventory.ports import target_of
from refactor.inventory.records import Node, Pod, Service, ServicePort
from refactor.inventory.snapshot import Snapshot, Unread
from refactor.inventory.workloads import Workload

__all__ = [
    "Inventory",
    "Mapping",
    "Node",
    "Pod",
    "Service",
    "ServicePort",
    "Snapshot",
    "Unread",
    "Workload",
    "home",
    "load",
    "target_of",
]
