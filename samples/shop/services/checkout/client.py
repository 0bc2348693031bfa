"""Calls the services that checkout needs."""

import ipaddress
import socket
import urllib.request

import grpc
import redis

from .settings import ORDERS_URL

cache = redis.StrictRedis(host='10.43.12.20', port=6379)
catalogue = grpc.insecure_channel("ipv4:10.42.1.12:50051")
REDIS_ADDRESS = ipaddress.ip_address("10.43.12.20")


def order(number: int) -> bytes:
    """Fetch an order; 10.42.1.11 is only named here."""
    with urllib.request.urlopen(f"{ORDERS_URL}/{number}") as answer:
        return answer.read()


def invoice(number: int, port: int) -> str:
    """Say where an invoice stands."""
    if port == 8080:
        return f"http://10.42.3.21:8080/invoices/{number}"
    return f"http://10.42.3.21:{port}/invoices/{number}"


def database_answers(user: str) -> bool:
    """Say whether the database takes connections."""
    with socket.create_connection(("10.42.3.14", 5432), timeout=2) as connection:
        return connection.getpeername()[0] != "10.42.3.14"


def dsn(user: str) -> str:
    """Return the database's connection string."""
    return f"host=10.42.3.14 port=5432 dbname=shop user={user}"
