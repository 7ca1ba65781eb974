"""Makes the account that writes, its room, and a reader's account; run by `matrix-up` in the server's own Python.

The device is named, since a repeat is only known as one on the device that asked first.
"""

import hashlib
import hmac
import json
import sys
from urllib.request import Request, urlopen

URL, SECRET = sys.argv[1:]
DEVICE = "DRUMBEAT"


def ask(path, told=None, token=""):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    sent = None if told is None else json.dumps(told).encode()
    with urlopen(Request(URL + path, sent, headers), timeout=30) as answer:  # noqa: S310 - loopback
        return json.load(answer)


def account(name):
    """A new account by the server's shared secret (Synapse's admin API), logged in on its own device."""
    nonce = ask("/_synapse/admin/v1/register")["nonce"]
    signed = "\0".join([nonce, name, f"{name}-password", "notadmin"]).encode()
    told = {"nonce": nonce, "username": name, "password": f"{name}-password", "admin": False, "inhibit_login": True}
    mac = hmac.new(SECRET.encode(), signed, hashlib.sha1).hexdigest()
    ask("/_synapse/admin/v1/register", told | {"mac": mac})
    who = {"type": "m.id.user", "user": name}
    told = {"type": "m.login.password", "identifier": who, "password": f"{name}-password", "device_id": DEVICE}
    return ask("/_matrix/client/v3/login", told)


writer, reader = account("writer"), account("reader")
told = {"name": "Real", "preset": "public_chat", "room_alias_name": "real"}
room = ask("/_matrix/client/v3/createRoom", told, writer["access_token"])["room_id"]
ask(f"/_matrix/client/v3/join/{room}", {}, reader["access_token"])
made = {
    "USER": writer["user_id"],
    "PASSWORD": "writer-password",
    "DEVICE": DEVICE,
    "TOKEN": writer["access_token"],
    "READER_TOKEN": reader["access_token"],
    "ROOM": room,
}
sys.stdout.writelines(f"MATRIX_{name}={value}\n" for name, value in made.items())
