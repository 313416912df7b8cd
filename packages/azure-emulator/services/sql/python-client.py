"""A third-party TDS client (python-tds) against the local SQL endpoint; used by python-client.itest.ts.

Reads {port, cafile, token, tokens} as JSON from standard input; `tokens` are those of the other logins. Prints what it
saw as JSON.
"""

import datetime
import json
import sys
from concurrent.futures import ThreadPoolExecutor

import pytds

given = json.load(sys.stdin)


def connect(token=given["token"], **more):
    return pytds.connect(
        dsn="127.0.0.1", port=given["port"], database="orders", access_token_callable=lambda: token, **more
    )


def failure(work):
    try:
        work()
    except (pytds.Error, TimeoutError) as error:
        facts = {name: getattr(error, name, None) for name in ("number", "severity", "state")}
        return {**facts, "procedure": getattr(error, "procname", None), "text": str(error)}
    return None


seen = {}
modes = {"plain": {}}
if given["cafile"]:
    modes["tls"] = {"cafile": given["cafile"], "validate_host": False}
    modes["tls asked for the login only"] = {"cafile": given["cafile"], "validate_host": False, "enc_login_only": True}

seen["modes"] = {}
for name, options in modes.items():
    with connect(autocommit=True, **options) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        seen["modes"][name] = cursor.fetchall()

with connect() as connection, connection.cursor() as cursor:
    cursor.callproc("shop.echo", ("é 😀", 9223372036854775807, -5, True))
    seen["echo"] = cursor.fetchall()
    cursor.execute("EXEC shop.keep @id = 500, @value = N'it''s'")
    connection.rollback()
    cursor.execute("EXEC shop.keep @id = 501, @value = N'it''s'")
    connection.commit()
    cursor.execute("EXEC shop.list_kept")
    seen["kept"] = cursor.fetchall()
    large = "aé😀" * 400_000
    cursor.callproc("shop.lengths", (large,))
    [(characters, _, copy)] = cursor.fetchall()
    seen["large"] = [characters, copy == large]
    cursor.callproc("shop.pages", (3,))
    first = cursor.fetchall()
    cursor.nextset()
    seen["pages"] = [first, cursor.fetchall()]

    cursor.callproc("shop.echo", (None, None, None, None))
    seen["nulls"] = cursor.fetchall()
    cursor.execute("EXEC shop.pages @rows = %s", (2,))
    cursor.nextset()
    seen["by text"] = cursor.fetchall()

with connect(autocommit=True) as connection, connection.cursor() as cursor:
    seen["error"] = failure(lambda: cursor.callproc("shop.fail", ("SHOP4021: It shrank.",)))
    seen["deadlock"] = failure(lambda: cursor.callproc("shop.fail", ("x", "40P01")))
    seen["unknown"] = failure(lambda: cursor.execute("DROP TABLE shop.kept"))
    seen["missing procedure"] = failure(lambda: cursor.callproc("shop.nothing"))
    seen["another type"] = failure(lambda: cursor.callproc("shop.pages", (datetime.datetime.now(),)))
    cursor.callproc("shop.pages", (1_000_000,))
    cursor.fetchone()
    cursor.cancel()
    cursor.execute("SELECT 1")
    seen["after cancel"] = cursor.fetchall()

# A query that takes too long: the driver abandons it by closing the connection.
with connect(autocommit=True, timeout=1) as connection, connection.cursor() as cursor:
    seen["timeout"] = failure(lambda: cursor.callproc("shop.forever"))


def ask(number):
    with connect(autocommit=True) as connection, connection.cursor() as cursor:
        cursor.callproc("shop.lengths", ("x" * number,))
        return cursor.fetchall()[0][0]


with ThreadPoolExecutor(100) as threads:
    seen["at once"] = list(threads.map(ask, range(1, 101)))

with connect(given["tokens"]["user"], autocommit=True) as connection, connection.cursor() as cursor:
    seen["missing grant"] = failure(lambda: cursor.callproc("shop.list_kept"))

seen["logins"] = {
    name: {what: failure(lambda: connect(token, **options)) for what, token in given["tokens"].items() if what != "user"}
    for name, options in modes.items()
}
print(json.dumps(seen, default=str))
