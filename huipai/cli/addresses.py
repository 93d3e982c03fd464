"""Host addresses and ports of this machine."""

import errno
import ipaddress
import socket
from contextlib import closing

from huipai.cli.words import Trouble

LOOPBACK = "127.0.0.1"


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_free(host: str, port: int) -> None:
    """Refuses what is no port, and one that another program has, before anything is started."""
    if not 0 < port < 1 << 16:  # 0 is whichever is free: nobody could be told the address
        raise Trouble(f"{port} is no port: choose one from 1024 to 65535.")
    with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise Trouble(_why_not(host, port, problem)) from problem


def _why_not(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        other = f"PORT={port + 1} of make, --port {port + 1} of huipai"
        return f"Port {port} is in use: stop the program that has it, or choose another ({other})."
    if problem.errno == errno.EACCES:
        return f"Port {port} is reserved for root: choose one above 1023."
    return f"The address {host} cannot be used: {problem.strerror}."


def in_this_network() -> str:
    """This machine's address in its local network; nothing is sent to find it."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address: str = probe.getsockname()[0]
        except OSError as problem:
            raise Trouble("This machine is in no network that a phone could share.") from problem
    return address
