"""A peer as one writes it on an afternoon: last values and crew sums of the bench shop in SQLite.

peer.py PORT MESSAGES DATABASE: says "ready" once it has subscribed, ends after so many messages and
prints its processor time. One commit a second; sums by the shift in which a reading lies.
"""
import datetime
import json
import sqlite3
import sys
import time

import paho.mqtt.client as mqtt

PORT, WANTED, PATH = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
SHIFTS = ("night", "day", "mid")


class Peer:
    def __init__(self):
        self.database = sqlite3.connect(PATH)
        self.database.executescript(
            "CREATE TABLE last (meter TEXT PRIMARY KEY, ts TEXT, value REAL);"
            "CREATE TABLE used (day TEXT, shift TEXT, item TEXT, amount REAL,"
            " PRIMARY KEY (day, shift, item))")
        self.last = {}
        self.used = {}
        self.count = 0
        self.committed = time.monotonic()

    def take(self, item, meter, ts, value):
        before = self.last.get(meter)
        self.last[meter] = (ts, value)
        if before is not None:
            local = datetime.datetime.fromisoformat(ts) - datetime.timedelta(hours=7)
            key = (local.date().isoformat(), SHIFTS[(local.hour // 8 + 1) % 3], item)
            self.used[key] = self.used.get(key, 0) + value - before[1]

    def message(self, client, userdata, message):
        words = message.topic.split("/")
        payload = json.loads(message.payload)
        if words[2] == "readings":
            for reading in payload["readings"]:
                self.take("", reading["meter"], payload["ts"], reading["value"])
        elif words[2] != "heat":
            self.take(words[3], words[4], payload["ts"], payload["value"])
        self.count += 1
        if self.count == WANTED or time.monotonic() - self.committed > 1:
            self.commit()
        if self.count == WANTED:
            client.disconnect()

    def commit(self):
        self.database.executemany("INSERT OR REPLACE INTO last VALUES (?, ?, ?)",
                                  [(k, *v) for k, v in self.last.items()])
        self.database.executemany("INSERT OR REPLACE INTO used VALUES (?, ?, ?, ?)",
                                  [(*k, v) for k, v in self.used.items()])
        self.database.commit()
        self.committed = time.monotonic()


def main():
    peer = Peer()
    versions = getattr(mqtt, "CallbackAPIVersion", None)  # since paho-mqtt 2
    client = mqtt.Client(versions.VERSION1, "bench-python") if versions else mqtt.Client("bench-python")
    client.on_message = peer.message
    client.on_connect = lambda c, *rest: c.subscribe("plant/BENCH/#", 1)
    client.on_subscribe = lambda *rest: print("ready", flush=True)
    client.connect("127.0.0.1", PORT)
    start = time.process_time()
    client.loop_forever()
    print(f"messages={peer.count} cpu_ns={int((time.process_time() - start) * 1e9)}", flush=True)


main()
