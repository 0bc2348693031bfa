"""Settings of checkout. Before the move, orders answered on 10.42.1.11:8080."""

import os
from dataclasses import dataclass

VERSION = "10.4.2.17"
LISTEN = "0.0.0.0"
LISTEN_V6 = "[::]:8080"
SIDECAR = "http://127.0.0.1:15000"
SIDECAR_V6 = "http://[::1]:15000"
NETMASK = "255.255.255.0"
BROADCAST = "255.255.255.255"
PUBLIC_DNS = "8.8.8.8"
SNMP_OID = "1.3.6.1.4.1.2021.10.1.3"
ORACLE_CLIENT = "10.2.0.5.1"
USER_AGENT = "checkout (instantclient v10.2.0.5)"

# The session store was 10.42.2.13 for a while.
ORDERS_URL = os.environ.get("ORDERS_URL", "http://10.42.1.11:8080/api/v1")
OLD_ORDERS_URL = "http://10.20.9.50:8080/api/v1"
DATABASE_URL = "postgresql+asyncpg://checkout:hunter2@10.42.3.14:5432/shop"
BROKERS = ["10.42.1.31:9092", "10.42.2.31:9092", "10.42.3.31:9092"]

CATALOGUE_HOST = "10.42.1.12"
CATALOGUE_PORT = 8000
CATALOGUE_V6 = "http://[fd00:10:42:1::c]:8000"

ORDERS_IP = "10.42.1.11"  # with no port beside it, nobody can say which one is dialled


@dataclass(frozen=True)
class Ledger:
    """Billing's ledger, by a node's address and the Service's node port."""

    host: str = "10.20.0.13"
    port: int = 30080
