"""Pages the function `fivetran` from Fivetran's Connector SDK.

It serves accounts that cannot create Function connections. The function decides what is sent and
what the state means; this connector turns each page into operations and a checkpoint of that
page's state, and holds one page at a time.
"""

from __future__ import annotations

import re
import uuid
from typing import Any, Optional, Union

from fivetran_connector_sdk import Connector
from fivetran_connector_sdk import Logging as log
from fivetran_connector_sdk import Operations as op

from function_client import FunctionClient, SyncError

Json = dict[str, Any]
Tables = dict[str, Json]
"""The entries that `schema()` returns, by table name."""

TYPES = {
    "text": "STRING",
    "int": "INT",
    "bigint": "LONG",
    "float": "DOUBLE",
    "bit": "BOOLEAN",
    "date": "NAIVE_DATE",
    "datetime2": "UTC_DATETIME",
}
"""Without a declaration the SDK would take a fraction as 32-bit FLOAT and a decimal as STRING."""

_declared: Optional[Tables] = None
"""What `schema()` declared to Fivetran at the start of this sync."""


def schema(configuration: dict[str, str]) -> list[Json]:
    """The tables, primary keys and column types that the function's connection test returns."""
    global _declared
    _declared = describe(FunctionClient(configuration))
    return list(_declared.values())


def update(configuration: dict[str, str], state: Json) -> None:
    """Sends every page after the state, each with its checkpoint."""
    function = FunctionClient(configuration)
    tables = describe(function) if _declared is None else _declared
    sync_id = str(uuid.uuid4())
    log.info(f"The function logs this sync with sync_id {sync_id}.")
    more = True
    while more:
        page = function.ask({"state": state, "sync_id": sync_id})
        news = undeclared(page, tables)
        if news is not None:
            leave_to_next_sync(news, page, function)
            return
        rows = apply_page(page, tables)
        state, more = page["state"], page["hasMore"]
        op.checkpoint(state=state)
        log.info(f"Page of {rows} rows, {'more' if more else 'nothing more'} to come.")
        if more and rows == 0:
            raise SyncError("The function set hasMore in a page without a row.")


def describe(function: FunctionClient) -> Tables:
    """The entries of `schema()`. Without secrets, the test does not call Quantemplate."""
    test = {"state": {}, "setup_test": True, "sync_id": "setup-test", "describe_columns": True}
    tables = {}
    for name, entry in function.ask(test)["schema"].items():
        if "columns" not in entry:
            raise SyncError("The function declares no types: it is older than this connector.")
        columns = {column: sdk_type(declared) for column, declared in entry["columns"].items()}
        tables[name] = {"table": name, "primary_key": entry["primary_key"], "columns": columns}
    return tables


def sdk_type(declared: str) -> Union[str, Json]:
    """The SDK's name for a type that the tenant declared."""
    decimal = re.fullmatch(r"decimal\((\d+),(\d+)\)", declared)
    if decimal is not None:
        return {"type": "DECIMAL", "precision": int(decimal[1]), "scale": int(decimal[2])}
    if declared not in TYPES:
        raise SyncError(f"The function declares type {declared}: it is newer than this connector.")
    return TYPES[declared]


def undeclared(page: Json, tables: Tables) -> Optional[str]:
    """The first part of a page that `schema()` did not declare: it would lack its key or type."""
    for name in (*page["softDelete"], *page["delete"], *page["insert"]):
        table = tables.get(name)
        if table is None:
            return f"table {name}"
        if page["schema"].get(name, {}).get("primary_key") != table["primary_key"]:
            return f"the primary key of {name}"
        columns = set().union(*page["insert"].get(name, ()))
        unknown = columns - table["columns"].keys()
        if unknown:
            return f"column {min(unknown)} of {name}"
    return None


def leave_to_next_sync(news: str, page: Json, function: FunctionClient) -> None:
    """Ends the sync before a page that holds something published after the sync began.

    The next sync declares it. Raises SyncError if the function still does not declare it, because
    then every sync would end here.
    """
    if undeclared(page, describe(function)) is not None:
        raise SyncError(f"The function sent {news}, which it does not declare.")
    log.info(f"The next sync continues from here: {news} is newer than this one.")


def apply_page(page: Json, tables: Tables) -> int:
    """Emits the operations of a page, truncates first. Returns the number of rows."""
    rows = 0
    for name in page["softDelete"]:
        op.truncate(table=name)
    for name, records in page["delete"].items():
        rows += len(records)
        for record in records:
            keys = {column: record.get(column) for column in tables[name]["primary_key"]}
            op.delete(table=name, keys=exact(keys, tables[name]))
    for name, records in page["insert"].items():
        rows += len(records)
        for record in records:
            op.upsert(table=name, data=exact(record, tables[name]))
    return rows


def exact(record: Json, table: Json) -> Json:
    """The record with its LONG columns as ints; the function sends 64-bit integers as text."""
    for column in table["primary_key"]:
        if record.get(column) is None:
            raise SyncError(f"The function sent a row of {table['table']} without {column}.")
    for column, value in record.items():
        if isinstance(value, str) and table["columns"][column] == "LONG":
            if re.fullmatch(r"-?[0-9]{1,19}", value) is None:
                raise SyncError(f"{column} of {table['table']} holds no 64-bit integer.")
            record[column] = int(value)
    return record


connector = Connector(update=update, schema=schema)
