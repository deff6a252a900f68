#!/usr/bin/python3
"""Gets and sets per second of kazoo, with so many requests outstanding: CONNECT SECONDS OUTSTANDING -> one line of JSON."""
import json
import sys
import threading
import time

from kazoo.client import KazooClient

PATH = "/daybook-benchmark-kazoo"
VALUE = b"x" * 100


def measure(request, seconds, outstanding):
    """Keeps `outstanding` requests under way for `seconds`; returns operations per second and latencies in ms."""
    slots = threading.Semaphore(outstanding)
    latencies = []
    failures = []

    def done(started, result):
        latencies.append(time.perf_counter() - started)
        if result.exception is not None:
            failures.append(result.exception)
        slots.release()

    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds:
        slots.acquire()
        started = time.perf_counter()
        request().rawlink(lambda result, started=started: done(started, result))
    for _ in range(outstanding):
        slots.acquire()
    elapsed = time.perf_counter() - begin
    if failures:
        raise failures[0]
    latencies.sort()
    return {
        "per_second": len(latencies) / elapsed,
        "p50_ms": 1000 * latencies[len(latencies) // 2],
        "p99_ms": 1000 * latencies[len(latencies) * 99 // 100],
    }


def main():
    connect, seconds, outstanding = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    client = KazooClient(hosts=connect, timeout=30.0)
    client.start(timeout=30)
    try:
        client.ensure_path(PATH)
        client.set(PATH, VALUE)
        measure(lambda: client.get_async(PATH), seconds / 5, outstanding)
        get = measure(lambda: client.get_async(PATH), seconds, outstanding)
        put = measure(lambda: client.set_async(PATH, VALUE), seconds, outstanding)
        client.delete(PATH)
    finally:
        client.stop()
        client.close()
    print(json.dumps({"peer": "kazoo", "outstanding": outstanding, "get": get, "set": put}))


if __name__ == "__main__":
    main()
