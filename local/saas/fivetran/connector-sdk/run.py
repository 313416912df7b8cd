"""Runs connector-sdk/connector.py on our stand-in for the SDK: one sync, reported on standard output.

Standard input: {"folder", "configuration", "state", "dieAfter"}. Pauses are reported, not made.
"""

from __future__ import annotations

import json
import sys
import time

import fivetran_connector_sdk as sdk

job = json.load(sys.stdin)
sys.path.insert(0, job["folder"])
time.sleep = lambda seconds: sdk.write({"op": "sleep", "seconds": seconds})
sdk.die_after(job["dieAfter"])
try:
    from connector import connector

    connector.debug(job["configuration"], job["state"])
except Exception as error:  # Fivetran would show it.
    sdk.write({"op": "error", "type": type(error).__name__, "message": str(error)})
