from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from bench import http, load
from bench.harness import WrongAnswer, _require

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
BARE = b"HTTP/1.1 303 See Other\r\nlocation: /x\r\n\r\n"


class TestAnswerEnds:
    @pytest.mark.parametrize("answer", [OK, CHUNKED, BARE])
    def test_at_its_last_byte_and_not_before(self, answer: bytes) -> None:
        assert load.answer_ends(bytearray(answer)) == len(answer)
        assert load.answer_ends(bytearray(answer + b"HTTP/1.1")) == len(answer)
        for length in range(len(answer) - 1):
            assert load.answer_ends(bytearray(answer[:length])) == 0

    def test_the_status_is_read(self) -> None:
        assert load.status_of(BARE) == 303


def _serve(listener: socket.socket, answers: list[bytes]) -> None:
    person, _address = listener.accept()
    with person:
        turn = 0
        while person.recv(65536):
            person.sendall(answers[turn % len(answers)])
            turn += 1


def _again() -> Iterator[bytes]:
    while True:
        yield http.get("localhost", "/")


@pytest.mark.enable_socket
class TestRun:
    def _run(self, answers: list[bytes]) -> load.Load:
        listener = socket.create_server(("127.0.0.1", 0))
        server = threading.Thread(target=_serve, args=(listener, answers), daemon=True)
        server.start()
        measured = load.run(listener.getsockname(), [_again()], seconds=0.05, expected=frozenset({200}))
        server.join(timeout=5)
        listener.close()
        return measured

    def test_counts_answers_by_status_over_one_connection(self) -> None:
        measured = self._run([OK, CHUNKED])
        assert measured.done == measured.statuses[200] > 1
        assert measured.per_second > 0
        assert 0 < measured.percentile_ms(0.5) <= measured.percentile_ms(0.99)
        assert not measured.odd

    def test_an_unexpected_status_is_kept_and_stops_the_measurement(self) -> None:
        measured = self._run([OK, BARE])
        with pytest.raises(WrongAnswer, match="status 303"):
            _require(measured, "list")

    def test_knows_its_own_ceiling(self) -> None:
        assert load.ceiling(clients=4, seconds=0.1) > 500


class TestRequests:
    def test_a_form_is_written_out_with_its_length(self) -> None:
        request = http.post_form("localhost:8000", "/s/yunqiao/report/", {"text": "堵车"}, cookies="sessionid=x")
        head, _, body = request.partition(b"\r\n\r\n")
        assert head.startswith(b"POST /s/yunqiao/report/ HTTP/1.1\r\nHost: localhost:8000\r\n")
        assert b"Cookie: sessionid=x" in head
        assert f"Content-Length: {len(body)}".encode() in head
        assert body == b"text=%E5%A0%B5%E8%BD%A6"
