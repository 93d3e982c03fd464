"""Sixteen people who never wait: keep-alive HTTP over plain sockets, in one thread, as light as Python allows."""

from __future__ import annotations

import multiprocessing
import re
import select
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Address = tuple[str, int]

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_BLOCK = 1 << 16


class ServerGone(RuntimeError):
    """The server closed a connection that it had agreed to keep."""


@dataclass
class Load:
    """What one slice reached."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    bytes_received: int = 0
    # The first answer of each unexpected status, to say why.
    odd: dict[int, bytes] = field(default_factory=dict)

    @property
    def done(self) -> int:
        return self.statuses.total()

    @property
    def per_second(self) -> float:
        return self.done / self.seconds

    def percentile_ms(self, share: float) -> float:
        """The latency under which that share of the requests stayed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def answer_ends(buffer: bytearray) -> int:
    """How many bytes of `buffer` are one whole HTTP answer; 0 while it is not there yet."""
    head = buffer.find(b"\r\n\r\n")
    if head < 0:
        return 0
    if length := _LENGTH.search(buffer, 0, head + 2):
        end = head + 4 + int(length.group(1))
        return end if len(buffer) >= end else 0
    if _CHUNKED.search(buffer, 0, head + 2):
        last = buffer.find(b"\r\n0\r\n\r\n", head + 2)
        return last + 7 if last >= 0 else 0
    return head + 4


def status_of(answer: bytes | bytearray) -> int:
    return int(answer[9:12])


class _Client:
    def __init__(self, address: Address, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(address, timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._buffer = bytearray()
        self._sent_at = 0.0

    def ask(self) -> None:
        request = next(self._requests)
        self._sent_at = time.perf_counter()
        self.socket.sendall(request)

    def hear(self) -> tuple[float, bytes] | None:
        """One more block; the latency and the answer once it is whole."""
        block = self.socket.recv(_BLOCK)
        if not block:
            raise ServerGone
        self._buffer += block
        end = answer_ends(self._buffer)
        if not end:
            return None
        answer = bytes(self._buffer[:end])
        del self._buffer[:end]
        return time.perf_counter() - self._sent_at, answer


def run(address: Address, clients: Sequence[Iterator[bytes]], *, seconds: float, expected: frozenset[int]) -> Load:
    """Ask through one connection a client, each its next request as soon as it has its answer."""
    load, poller = Load(), select.epoll()
    people = {client.socket.fileno(): client for client in (_Client(address, requests) for requests in clients)}
    for number in people:
        poller.register(number, select.EPOLLIN)
    begun = time.perf_counter()
    for client in people.values():
        client.ask()
    until, asking = begun + seconds, len(people)
    while asking:
        for number, _event in poller.poll():
            heard = people[number].hear()
            if heard is None:
                continue
            _note(load, *heard, expected)
            if time.perf_counter() < until:
                people[number].ask()
            else:
                asking -= 1
    load.seconds = time.perf_counter() - begun
    poller.close()
    for client in people.values():
        client.socket.close()
    return load


def _note(load: Load, latency: float, answer: bytes, expected: frozenset[int]) -> None:
    status = status_of(answer)
    load.statuses[status] += 1
    load.latencies.append(latency)
    load.bytes_received += len(answer)
    if status not in expected:
        load.odd.setdefault(status, answer)


def ceiling(*, clients: int, seconds: float) -> float:
    """Requests per second of this generator against a process that answers at once: more cannot be measured."""
    context = multiprocessing.get_context("fork")
    listener = socket.create_server(("127.0.0.1", 0))
    address: Address = listener.getsockname()
    echo = context.Process(target=_answer_at_once, args=(listener, clients), daemon=True)
    echo.start()
    listener.close()
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    load = run(address, [_again(request)] * clients, seconds=seconds, expected=frozenset({200}))
    echo.join(timeout=5)
    return load.per_second


def _again(request: bytes) -> Iterator[bytes]:
    while True:
        yield request


def _answer_at_once(listener: socket.socket, clients: int) -> None:
    poller = select.epoll()
    people: dict[int, socket.socket] = {}
    for _ in range(clients):
        person, _address = listener.accept()
        people[person.fileno()] = person
        poller.register(person, select.EPOLLIN)
    while people:
        for number, _event in poller.poll():
            if people[number].recv(_BLOCK):
                people[number].sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            else:
                poller.unregister(number)
                people.pop(number).close()
