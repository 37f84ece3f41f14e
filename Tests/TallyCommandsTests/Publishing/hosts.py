"""Speaks as much of the APIs of GitHub, GitLab and Slack as posts need, and takes webhooks.

    hosts.py FOLDER PORT-FILE [CERTIFICATE]

FOLDER/seed.json: what is there at the start. FOLDER/faults.json: a list of what goes wrong, each once: `on` is a method and a part of a path;
`status`, `headers`, `body`, `type` an answer without doing anything; `lost` closes the connection after it was done (`before` it was); `after` is
the status that is answered although it was done. CERTIFICATE: a file with a key and a certificate, to speak https. FOLDER/state.json: what is there now. FOLDER/requests.jsonl: every request, with the command
lines and variables of the machine's processes that held a token while it was answered. Ends when its standard input does.
"""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import os
import ssl
import sys
import threading
import urllib.parse
from typing import Any

FOLDER, PORT_FILE, *CERTIFICATES = sys.argv[1:]
LOCK = threading.Lock()
# What is never to be seen outside of a header.
SECRETS = ["s3cr3t"]
# By token: the account, whether it may write, and whether it may ask who it is.
ACCOUNTS: dict[str, dict[str, Any]] = {
    "ada-s3cr3t": {"id": 41, "login": "ada", "type": "User", "write": True, "self": True},
    "flow-s3cr3t": {"id": 898, "login": "actions[bot]", "type": "Bot", "write": True, "self": False},
    "read-s3cr3t": {"id": 43, "login": "eve", "type": "User", "write": False, "self": True},
}
Answer = tuple[int, dict[str, str], Any]


def load(name: str, default: Any) -> Any:
    """The JSON of a file of the folder."""
    try:
        with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return default


def save(name: str, value: Any) -> None:
    """Writes JSON to a file of the folder, whole or not at all."""
    path = os.path.join(FOLDER, name)
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(path + ".part", path)


STATE: dict[str, Any] = {"comments": {}, "messages": [], "hooks": [], "closed": False, "next": 1000}
STATE.update(load("seed.json", {}))


def leaks() -> list[str]:
    """Where a secret can be seen from outside while a request is answered: in arguments, or in variables of curl."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline", "rb") as file:
                arguments = file.read().decode(errors="replace").split("\0")
            if any(secret in argument for secret in SECRETS for argument in arguments):
                found.append(" ".join(arguments))
            if arguments[0].endswith("curl"):
                with open(f"/proc/{process}/environ", "rb") as file:
                    variables = file.read().decode(errors="replace")
                if any(secret in variables for secret in SECRETS):
                    found.append(f"environment of {arguments[0]}")
        except OSError:
            continue
    return found


def number() -> int:
    """A new id."""
    STATE["next"] += 1
    return STATE["next"]


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers a request after noting it down."""

    protocol_version = "HTTP/1.1"

    def serve(self) -> None:
        """Finds the fault that is due, does what is asked, and answers."""
        length = int(self.headers.get("Content-Length") or 0)
        self.text = self.rfile.read(length).decode()
        url = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(url.query))
        self.parts = [urllib.parse.unquote(part) for part in url.path.split("/")[1:]]
        with LOCK:
            self.note()
            fault = self.fault()
            if fault.get("lost") == "before":
                self.hang_up()
                return
            if "status" in fault:
                kind = {"Content-Type": fault.get("type", "application/json")}
                self.answer(fault["status"], kind | fault.get("headers", {}), fault.get("body", ""))
                return
            status, headers, value = self.route()
            save("state.json", STATE)
            if fault.get("lost"):
                self.hang_up()
                return
            self.answer(fault.get("after", status), headers, value)

    do_GET = do_POST = do_PUT = do_PATCH = serve

    def note(self) -> None:
        """Adds the request to the list."""
        line = {
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": self.text,
            "leaks": leaks(),
        }
        with open(os.path.join(FOLDER, "requests.jsonl"), "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def fault(self) -> dict[str, Any]:
        """The first fault of the list, if it is about this request."""
        faults = load("faults.json", [])
        if not faults:
            return {}
        method, part = faults[0]["on"].split(" ")
        if method != self.command or part not in self.path:
            return {}
        save("faults.json", faults[1:])
        return faults[0]

    def hang_up(self) -> None:
        """Ends the connection without a word."""
        self.close_connection = True
        self.connection.close()

    def answer(self, status: int, headers: dict[str, str], value: Any) -> None:
        """Sends text as it is and everything else as JSON."""
        body = (value if isinstance(value, str) else json.dumps(value)).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    # MARK: Which host

    def route(self) -> Answer:
        """Does what is asked."""
        if self.parts[0] == "services":
            return self.slack_webhook()
        if self.parts[0] == "hook":
            return self.webhook()
        self.account = ACCOUNTS.get((self.headers.get("Authorization") or "").removeprefix("Bearer "))
        if self.parts[0] == "slack":
            return self.slack(self.parts[1])
        if not self.account:
            return 401, {}, {"message": "Bad credentials"}
        if self.parts[:2] == ["api", "v4"]:
            return self.gitlab(self.parts[2:])
        return self.github(self.parts[2:] if self.parts[:2] == ["api", "v3"] else self.parts)

    # MARK: GitHub, REST API version 2022-11-28

    def github(self, parts: list[str]) -> Answer:
        """Comments of issues."""
        if not self.headers.get("User-Agent"):
            return 403, {}, {"message": "Request forbidden by administrative rules."}
        account = {key: self.account[key] for key in ("id", "login", "type")}
        if parts == ["user"]:
            if not self.account["self"]:
                return 403, {}, {"message": "Resource not accessible by integration"}
            return 200, {}, account
        if len(parts) < 5 or parts[0] != "repos" or "/".join(parts[1:3]) not in STATE["repositories"]:
            return 404, {}, {"message": "Not Found"}
        if self.command != "GET":
            if not self.account["write"]:
                return 403, {}, {"message": "Resource not accessible by personal access token"}
            body = json.loads(self.text)["body"]
            if len(body) > 65_536:
                error = {"message": "Body is too long (maximum is 65536 characters)"}
                return 422, {}, {"message": "Validation Failed", "errors": [error]}
        if self.command == "PATCH" and parts[4] == "comments":
            comment = self.find(int(parts[5]))
            if comment is None or comment["user"]["id"] != account["id"]:
                return 404, {}, {"message": "Not Found"}
            comment["body"] = body
            return 200, {}, comment
        place = f"{parts[1]}/{parts[2]}#{parts[4]}"
        if parts[4:] != [parts[4], "comments"] or place not in STATE["comments"]:
            return 404, {}, {"message": "Not Found"}
        comments = STATE["comments"][place]
        if self.command == "POST":
            comment = {"id": number(), "user": account, "body": body}
            address = f"https://github.example/{parts[1]}/{parts[2]}/issues/{parts[4]}"
            comment["html_url"] = f"{address}#issuecomment-{comment['id']}"
            comments.append(comment)
            return 201, {}, comment
        page, size = int(self.query.get("page", 1)), min(int(self.query.get("per_page", 30)), 100)
        headers = {}
        if page * size < len(comments):
            path = self.path.partition("?")[0]
            address = f"http://{self.headers['Host']}{path}?per_page={size}&page={page + 1}"
            headers["Link"] = f'<{address}>; rel="next", <{address}>; rel="last"'
        return 200, headers, comments[(page - 1) * size : page * size]

    @staticmethod
    def find(wanted: int) -> dict[str, Any] | None:
        """A comment by its id."""
        for comments in STATE["comments"].values():
            for comment in comments:
                if comment["id"] == wanted:
                    return comment
        return None

    # MARK: GitLab, REST API v4

    def gitlab(self, parts: list[str]) -> Answer:
        """Notes of issues and merge requests."""
        account = {"id": self.account["id"], "username": self.account["login"]}
        if parts == ["user"]:
            return 200, {}, account
        if len(parts) < 5 or parts[0] != "projects" or parts[1] not in STATE["repositories"]:
            return 404, {}, {"message": "404 Project Not Found"}
        place = f"{parts[1]}{'!' if parts[2] == 'merge_requests' else '#'}{parts[3]}"
        if place not in STATE["comments"] or parts[4] != "notes":
            return 404, {}, {"message": "404 Not found"}
        notes = STATE["comments"][place]
        if self.command == "GET":
            page, size = int(self.query["page"]), int(self.query["per_page"])
            more = str(page + 1) if page * size < len(notes) else ""
            return 200, {"X-Next-Page": more}, notes[(page - 1) * size : page * size]
        if not self.account["write"]:
            return 403, {}, {"error": "insufficient_scope", "error_description": "too narrow"}
        body = json.loads(self.text)["body"]
        if len(body) > 1_000_000:
            return 400, {}, {"message": {"note": ["is too long (maximum is 1000000 characters)"]}}
        if any(line.startswith("/close") for line in body.split("\n")):
            STATE["closed"] = True
        if self.command == "PUT":
            note = next((note for note in notes if note["id"] == int(parts[5])), None)
            if note is None or note["author"]["id"] != account["id"]:
                return 403, {}, {"message": "403 Forbidden"}
            note["body"] = body
            return 200, {}, note
        note = {"id": number(), "author": account, "body": body, "system": False}
        notes.append(note)
        return 201, {}, note

    # MARK: Slack, Web API and incoming webhooks

    def slack(self, method: str) -> Answer:
        """Messages of one channel; everything is answered with 200."""
        if not self.account:
            return 200, {}, {"ok": False, "error": "invalid_auth"}
        user = f"U{self.account['id']}"
        if method == "auth.test":
            return 200, {}, {"ok": True, "user_id": user, "bot_id": f"B{user}"}
        data = self.query if self.command == "GET" else json.loads(self.text)
        if data["channel"] != "C024BE91L":
            return 200, {}, {"ok": False, "error": "channel_not_found"}
        messages = STATE["messages"]
        if method == "conversations.history":
            if not self.account["write"]:
                error = {"ok": False, "error": "missing_scope", "needed": "channels:history"}
                return 200, {}, error
            start, size = int(data.get("cursor", 0)), int(data["limit"])
            newest_first = list(reversed(messages))
            more = str(start + size) if start + size < len(messages) else ""
            page = newest_first[start : start + size]
            return 200, {}, {"ok": True, "messages": page, "response_metadata": {"next_cursor": more}}
        if method == "chat.postMessage":
            message = {"ts": f"{number()}.000100", "user": user, "text": data["text"]}
            message["metadata"] = data["metadata"]
            messages.append(message)
            return 200, {}, {"ok": True, "ts": message["ts"], "channel": data["channel"]}
        message = next((one for one in messages if one["ts"] == data["ts"]), None)
        mine = (f"B{user}", user)
        authors = (message or {}).get("user"), (message or {}).get("bot_id")
        if method != "chat.update" or not any(author in mine for author in authors):
            return 200, {}, {"ok": False, "error": "cant_update_message"}
        message["text"], message["metadata"] = data["text"], data["metadata"]
        return 200, {}, {"ok": True, "ts": message["ts"], "channel": data["channel"]}

    def slack_webhook(self) -> Answer:
        """An incoming webhook of Slack."""
        if self.parts[1:] != ["T0", "B0", "s3cr3t"]:
            return 404, {"Content-Type": "text/plain"}, "no_service"
        STATE["messages"].append({"text": json.loads(self.text)["text"]})
        return 200, {"Content-Type": "text/plain"}, "ok"

    # MARK: Webhooks

    def webhook(self) -> Answer:
        """Keeps a document once for each delivery, and whether its signature is right."""
        if self.parts[1:] != ["s3cr3t"]:
            return 404, {"Content-Type": "text/html"}, "<html><body>s3cr3t</body></html>"
        delivery = self.headers["X-Tally-Delivery"]
        if any(hook["delivery"] == delivery for hook in STATE["hooks"]):
            return 200, {}, {"known": True}
        digest = hmac.new(b"hush-s3cr3t", self.text.encode(), hashlib.sha256).hexdigest()
        signature = self.headers.get("X-Tally-Signature-256")
        STATE["hooks"].append(
            {
                "delivery": delivery,
                "document": json.loads(self.text),
                "signed": signature is not None,
                "right": hmac.compare_digest(signature or "", f"sha256={digest}"),
            }
        )
        return 202, {}, {"taken": True}

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
for certificate in CERTIFICATES:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
with open(PORT_FILE + ".part", "w", encoding="ascii") as file:
    file.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".part", PORT_FILE)
sys.stdin.read()
