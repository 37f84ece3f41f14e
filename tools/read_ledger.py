#!/usr/bin/env python3
"""Read a Tally ledger with the standard library alone, and check it.

Computes every id of entries, texts, sheets, trees and manifests again from the stored bytes, the root of the log from the leaves,
and the open violations of each lane from the postings. What the bytes mean is in docs/format.md.

    read_ledger.py LEDGER [--check EXPECTED.json]    prints what it found; exit 1 when something is wrong
    read_ledger.py --vectors docs/format.md          checks the documented test vectors
"""
import hashlib
import json
import sqlite3
import sys
import zlib

LAYOUT = 4  # user_version


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def number(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def signed(value):
    return number(value * 2 if value >= 0 else -value * 2 - 1)


def string(text):
    data = text if isinstance(text, bytes) else text.encode()
    return number(len(data)) + data


def domain(name):
    return string(name) + b"\x01"


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        self.at += count
        if self.at > len(self.data):
            raise ValueError("the bytes end early")
        return self.data[self.at - count : self.at]

    def byte(self):
        return self.take(1)[0]

    def number(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self):
        value = self.number()
        return value >> 1 if value & 1 == 0 else -(value >> 1) - 1

    def rest(self):
        return self.take(len(self.data) - self.at)


def byte_difference(stored, base):
    reader = Reader(stored)
    head, suffix = reader.number(), reader.number()
    prefix, middle = head >> 1, reader.rest()
    if head & 1:
        start = 0 if len(base) <= 32000 else min(max(0, prefix - 16000), len(base) - 32000)
        known = base[start : start + 32000]
        inflate = zlib.decompressobj(-15, zdict=known) if known else zlib.decompressobj(-15)
        middle = inflate.decompress(middle) + inflate.flush()
    return base[:prefix] + middle + base[len(base) - suffix :]


def line_difference(stored, base):
    """Lines are (key, reference, value)."""
    reader = Reader(zlib.decompress(stored[1:], -15) if stored[0] else stored[1:])
    lines, old, reference = [], 0, 0

    def value(key):
        nonlocal reference
        reference += reader.signed()
        return (key, reference, reader.take(reader.number()))

    while reader.at < len(reader.data):
        copied, change = divmod(reader.number(), 3)
        lines += base[old : old + copied]
        old += copied
        if change == 1:
            lines.append(value(base[old][0]))
        elif change == 2:
            shared = reader.number()
            last = lines[-1][0] if lines else b""
            lines.append(value(last[:shared] + reader.take(reader.number())))
        old += change != 2
    return lines + base[old:]


class Ledger:
    def __init__(self, path):
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.db.text_factory = bytes
        self.problems, self.heads, self.changes = [], {}, []
        self.objects, self.ids = {}, {}
        ((layout,),) = self.query("PRAGMA user_version")
        if layout != LAYOUT:
            sys.exit(f"{path} has layout {layout}, and this program reads layout {LAYOUT}")

    def query(self, sql):
        return self.db.execute(sql)

    def expect(self, condition, what):
        if not condition:
            self.problems.append(what)

    def read_objects(self):
        for row in self.query("SELECT number, id, kind, base, body FROM object ORDER BY number"):
            count, name, kind, base, body = row
            if kind == 1:
                plain = byte_difference(body, self.objects[base] if base else b"")
                self.objects[count], found = plain, plain
            else:
                lines = line_difference(body, self.objects[base] if base else [])
                self.objects[count], found = lines, self.lines_bytes(kind, lines)
            self.ids[count] = name
            self.expect(sha(found) == name, f"object {count} is not what its id says")

    def lines_bytes(self, kind, lines):
        if kind == 2:
            items = [string(key) + self.ids[sheet] for key, sheet, _ in lines]
            return domain("tally.tree") + number(len(items)) + b"".join(items)
        if kind == 3:
            items = [string(key) + bytes([len(blob)]) + blob for key, _, blob in lines]
            return domain("tally.manifest") + number(len(items)) + b"".join(items)
        return domain("tally.rules" if kind == 4 else "tally.cases") + self.list_bytes(lines)

    def list_bytes(self, lines):
        return number(len(lines)) + b"".join(string(key) + value for key, _, value in lines)

    def entry_bytes(self, sequence, stored, entries):
        reader = Reader(stored)
        form = reader.byte()
        tail = b""
        if form == 3:
            tail = self.list_bytes(self.objects[reader.number()])
            form = reader.byte()
        if form == 2:
            scan, tree = entries[reader.number()], self.ids[reader.number()]
            head = string("tally.entry") + bytes([5, 1, 3]) + scan + tree
        elif form == 4:
            blobs = b"".join(self.changes[-reader.number() :])
            head = byte_difference(reader.rest(), blobs)
        else:
            base = self.heads[sequence - reader.number()] if form == 1 else b""
            head = byte_difference(reader.rest(), base)
        self.heads[sequence] = head
        return head + tail

    def remember_changes(self, encoded):
        """Keeps the blobs that a commit brought: later entries are stored against them."""
        start = string("tally.entry") + b"\x05\x01\x01"
        if not encoded.startswith(start):
            return
        reader = Reader(encoded[len(start) :])
        reader.take(reader.byte())
        if reader.byte():
            reader.take(reader.byte())
        blobs = []
        for _ in range(reader.number()):
            reader.take(reader.number())
            if reader.byte():
                blobs.append(reader.take(reader.byte()))
            if reader.byte():
                reader.take(reader.number())
            reader.byte()
        self.changes.append(b"".join(blobs))

    def read_entries(self):
        entries, peaks, claimed = {}, [], []
        rows = self.query(
            "SELECT e.sequence, e.id, e.kind, e.body, r.arrived, a.text, r.run_url, i.text FROM entry e"
            " JOIN receipt r ON r.number = e.receipt JOIN name a ON a.number = r.actor"
            " JOIN name i ON i.number = r.importer ORDER BY e.sequence"
        )
        for sequence, name, kind, body, arrived, actor, url, importer in rows:
            encoded = self.entry_bytes(sequence, body, entries)
            entries[sequence] = name
            self.expect(sequence == len(entries), f"entry {sequence} follows a gap")
            self.expect(sha(encoded) == name, f"entry {sequence} is not what its id says")
            self.remember_changes(encoded)
            if kind not in (4, 5, 14):
                claimed.append(name)
            run = b"\x00" if url is None else b"\x01" + string(url)
            leaf = domain("tally.leaf") + name + signed(arrived) + string(actor) + run + string(importer)
            peaks.append((1, sha(b"\x00", leaf)))
            while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
                (count, right), (_, left) = peaks.pop(), peaks.pop()
                peaks.append((count * 2, sha(b"\x01", left, right)))
        root = peaks.pop()[1] if peaks else sha()
        for _, left in reversed(peaks):
            root = sha(b"\x01", left, root)
        state = sha(domain("tally.state"), number(len(claimed)), *sorted(claimed))
        return {"size": len(entries), "root": root.hex(), "state": state.hex()}

    def read_texts(self):
        for count, name, body in self.query("SELECT number, hash, body FROM text"):
            self.expect(body is None or sha(body) == name, f"text {count} is not what its hash says")

    def read_balances(self):
        """Open violations of each lane: what entered the balance less what left it, waivers aside."""
        rows = self.query(
            "SELECT l.project, l.tool, l.category, l.branch, p.net FROM lane l JOIN (SELECT lane,"
            " sum(CASE WHEN kind < 32 THEN 1 ELSE -1 END) AS net FROM posting WHERE place IS NOT NULL"
            " GROUP BY lane) p ON p.lane = l.number"
        )
        lanes = {}
        for project, tool, category, branch, net in rows:
            name = b" ".join([project, tool + (b"/" + category if category else b"") + b"@" + branch])
            lanes[name.decode()] = net
        return dict(sorted(lanes.items()))


def check_vectors(path):
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("```vectors\n")[1].split("```")[0].splitlines()
    for head, digits in zip(lines[::2], lines[1::2]):
        (name, expected), data = head.split(), bytes.fromhex(digits)
        found = sha(b"\x00", data) if name == "leaf" else sha(data)
        if found.hex()[: len(expected)] != expected or len(expected) < 32:
            sys.exit(f"vector {name} is wrong")
    print(f"{len(lines) // 2} vectors are right")


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--vectors":
        return check_vectors(arguments[1])
    if len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--check"):
        sys.exit(__doc__)
    ledger = Ledger(arguments[0])
    ledger.read_objects()
    found = ledger.read_entries()
    ledger.read_texts()
    found["open"] = ledger.read_balances()
    print(f"root {found['size']}:{found['root']}\nstate {found['state']}")
    for lane, count in found["open"].items():
        print(f"{count} open in {lane}")
    if len(arguments) == 3:
        with open(arguments[2], encoding="utf-8") as file:
            for key, value in json.load(file).items():
                ledger.expect(found.get(key) == value, f"{key} is {found.get(key)}, not {value}")
    for problem in ledger.problems:
        print(f"problem: {problem}")
    sys.exit(1 if ledger.problems else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
