"""A TDS client that this project did not write (python-tds), against the local SQL endpoint; used by python-client.itest.ts.

Reads {port, token, cafile} as JSON from standard input and prints what it saw as JSON.
"""

import json
import sys

import pytds

given = json.load(sys.stdin)


def connect(**more):
    return pytds.connect(
        dsn="127.0.0.1", port=given["port"], database="quantemplate", access_token_callable=lambda: given["token"], **more
    )


def failure(work):
    try:
        work()
    except pytds.Error as error:
        return {"number": getattr(error, "number", None), "severity": getattr(error, "severity", None), "text": str(error)}
    return None


seen = {}
modes = {"plain": {}}
if given["cafile"]:
    modes["tls"] = {"cafile": given["cafile"], "validate_host": False}
    modes["tls for the login only"] = {"cafile": given["cafile"], "validate_host": False, "enc_login_only": True}

seen["modes"] = {}
for name, options in modes.items():
    with connect(autocommit=True, **options) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        seen["modes"][name] = cursor.fetchall()

with connect() as connection, connection.cursor() as cursor:
    cursor.callproc("qt.echo", ("é 😀", 9223372036854775807, -5, True))
    seen["echo"] = cursor.fetchall()
    cursor.execute("EXEC qt.keep @id = 500, @value = N'it''s'")
    connection.rollback()
    cursor.execute("EXEC qt.keep @id = 501, @value = N'it''s'")
    connection.commit()
    cursor.execute("EXEC qt.list_kept")
    seen["kept"] = cursor.fetchall()
    large = "aé😀" * 400_000
    cursor.callproc("qt.lengths", (large,))
    [(characters, _, copy)] = cursor.fetchall()
    seen["large"] = [characters, copy == large]
    cursor.callproc("qt.pages", (3,))
    first = cursor.fetchall()
    cursor.nextset()
    seen["pages"] = [first, cursor.fetchall()]

with connect(autocommit=True) as connection, connection.cursor() as cursor:
    seen["error"] = failure(lambda: cursor.callproc("qt.fail", ("QT4021: It shrank.",)))
    seen["unknown"] = failure(lambda: cursor.execute("DROP TABLE qt.kept"))
    cursor.callproc("qt.pages", (1_000_000,))
    cursor.fetchone()
    cursor.cancel()
    cursor.execute("SELECT 1")
    seen["after cancel"] = cursor.fetchall()

given["token"] = "nonsense"
seen["wrong token"] = failure(connect)
print(json.dumps(seen))
