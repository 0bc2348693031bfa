"""What a scheme says of the port and the protocol."""

from __future__ import annotations

# IANA's registry of ports and the clients' own defaults; docs/semantics.md, section 1, "URL without
# port". What names a transport only (tcp, gRPC's dns, unix) has no port of its own.
_TABLE = """
    21 ftp;22 ssh sftp scp git+ssh svn+ssh hg+ssh;23 telnet;25 smtp;69 tftp
    80 http ws http2 h2c git+http svn+http;110 pop3;119 nntp;123 ntp;143 imap;161 snmp;389 ldap
    443 https wss git+https svn+https;445 smb cifs;465 smtps;514 syslog;554 rtsp;587 submission
    636 ldaps;873 rsync;990 ftps;993 imaps;995 pop3s;1433 mssql sqlserver;1521 oracle;1883 mqtt
    1935 rtmp;2049 nfs;2181 zk zookeeper;2379 etcd;3306 mysql mysql2 mariadb;3389 rdp
    3478 stun turn;3690 svn;4222 nats;4317 otlp;4840 opc.tcp;5060 sip;5061 sips;5349 stuns turns
    5432 postgres postgresql pgsql postgis;5439 redshift;5671 amqps;5672 amqp pyamqp
    5683 coap;5684 coaps;5900 vnc;5984 couchdb;6379 redis valkey keydb
    6380 rediss valkeys;6650 pulsar;6651 pulsar+ssl;7687 bolt neo4j
    8086 influxdb;8123 clickhouse+http;8125 statsd;8200 vault;8500 consul;8529 arangodb
    8883 mqtts mqtt+ssl;9000 clickhouse;9042 cassandra scylla;9092 kafka
    9200 elasticsearch opensearch;9418 git;10000 hive hive2;11210 couchbase
    11211 memcached memcache;12201 gelf;19530 milvus;26257 cockroachdb
    26379 sentinel redis-sentinel redis+sentinel;27017 mongodb mongo;33060 mysqlx;50000 db2
    61613 stomp;61616 activemq
"""
_PORTS = {
    scheme: int(port)
    for entry in _TABLE.replace("\n", ";").split(";")
    if entry.strip()
    for port, *schemes in [entry.split()]
    for scheme in schemes
}
# The port, or the very host, comes from elsewhere: an SRV record, a socket's path.
_NO_PORT = frozenset({"srv", "unix", "file"})
_UDP = frozenset({"udp", "udp4", "udp6", "quic", "syslog", "statsd", "gelf", "coap", "coaps"})
_UDP |= {"ntp", "snmp", "tftp", "stun", "turn", "sip"}
_TCP = frozenset({"tcp", "tcp4", "tcp6", "tls", "ssl"})


def implied_port(scheme: str) -> int | None:
    """Return the port a client of this scheme dials when none is written, None where none is."""
    scheme = scheme.lower()
    if scheme in _PORTS:
        return _PORTS[scheme]
    parts = scheme.split("+")
    if not _NO_PORT.isdisjoint(parts):
        return None
    return next((_PORTS[part] for part in parts if part in _PORTS), None)


def protocol(scheme: str) -> str:
    """Return "UDP" for the schemes that speak it (`udp`, `syslog+udp`, `statsd`), else "TCP"."""
    parts = set(scheme.lower().split("+"))
    return "UDP" if parts & _UDP and not parts & _TCP else "TCP"
