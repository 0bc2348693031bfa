#!/bin/sh
# Asks every service once. Orders used to be 10.42.1.11.
set -eu

no_proxy=127.0.0.1,10.42.1.11
export no_proxy

ORDERS=http://10.42.1.11:8080
curl -fsS "$ORDERS/healthz"
curl -fsS http://10.42.1.12:8000/healthz http://10.42.2.18/logo.svg
curl -fsS http://worker-3:30080/healthz
curl -fsS http://shop.corp.internal/healthz # only with --ingress
redis-cli -h 10.43.12.20 -p 6379 ping
psql "host=10.42.3.14 port=5432 dbname=shop" -c 'select 1'
ping -c 1 192.0.2.10 || true
