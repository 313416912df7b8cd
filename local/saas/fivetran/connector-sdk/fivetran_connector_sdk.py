"""Our stand-in for the module that Fivetran's SDK gives a connector.

Written from its public documentation and sources; it contains no line of theirs. Every call is
checked against the rules and then becomes a line of JSON on standard output. A 64-bit integer is
written as text, because the reader of these lines keeps only 53 bits.
"""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import datetime
from typing import Any, Callable, Optional, Union

Json = dict[str, Any]

MAX_STATE_BYTES = 10_000_000
SCHEMA_KEYS = {"table", "primary_key", "columns"}

_tables: dict[str, Json] = {}
_kinds: dict[str, dict[str, str]] = {}
_left = -1
"""Operations left until the process dies, as a killed sync does; negative for never."""


def die_after(operations: int) -> None:
    """Ends the process abruptly instead of the operation after this many."""
    global _left
    _left = operations


def write(line: Json) -> None:
    """Writes one event of the run."""
    sys.stdout.write(json.dumps(line, allow_nan=False) + "\n")


def _is_integer(bits: int) -> Callable[[Any], bool]:
    bound = 1 << (bits - 1)
    return lambda value: type(value) is int and -bound <= value < bound


def _is_date(*formats: str) -> Callable[[Any], bool]:
    def parses(value: str, form: str) -> bool:
        try:
            datetime.strptime(value, form)
            return True
        except ValueError:
            return False

    return lambda value: isinstance(value, str) and any(parses(value, form) for form in formats)


def _is_decimal(value: Any) -> bool:
    text = str(value) if type(value) is int else value
    return isinstance(text, str) and re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


ACCEPTS: dict[str, Callable[[Any], bool]] = {
    "BOOLEAN": lambda value: isinstance(value, bool),
    "INT": _is_integer(32),
    "LONG": _is_integer(64),
    "DOUBLE": lambda value: type(value) in (int, float),
    "DECIMAL": _is_decimal,
    "STRING": lambda value: isinstance(value, str),
    "NAIVE_DATE": _is_date("%Y-%m-%d"),
    "UTC_DATETIME": _is_date("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"),
}


class Operations:
    """The operations of a sync."""

    @staticmethod
    def upsert(table: str, data: Json) -> None:
        _emit({"op": "upsert", "table": table, "row": _checked(table, data)})

    @staticmethod
    def update(table: str, modified: Json) -> None:
        _emit({"op": "update", "table": table, "row": _checked(table, modified)})

    @staticmethod
    def delete(table: str, keys: Json) -> None:
        if list(keys) != _entry(table)["primary_key"]:
            raise ValueError(f"delete of {table}: the keys are not the primary key")
        _emit({"op": "delete", "table": table, "row": _checked(table, keys)})

    @staticmethod
    def truncate(table: str) -> None:
        _entry(table)
        _emit({"op": "truncate", "table": table})

    @staticmethod
    def checkpoint(state: Json) -> None:
        if not isinstance(state, dict) or len(json.dumps(state)) > MAX_STATE_BYTES:
            raise ValueError("the state is not an object, or is too large")
        _emit({"op": "checkpoint", "state": state})


class Logging:
    """The log shown by Fivetran."""

    @staticmethod
    def info(message: str) -> None:
        write({"op": "log", "message": message})

    warning = info


class Connector:
    """Connects the two functions of a connector file."""

    def __init__(self, update: Callable, schema: Optional[Callable] = None) -> None:
        self._update, self._schema = update, schema

    def debug(self, configuration: Json, state: Json) -> None:
        """One sync."""
        if not all(isinstance(value, str) for value in configuration.values()):
            raise ValueError("every configuration value must be text")
        for entry in self._schema(configuration) if self._schema else ():
            _declare(entry)
        write({"op": "schema", "tables": list(_tables.values())})
        self._update(configuration=configuration, state=state)


def _declare(entry: Json) -> None:
    if not entry.keys() <= SCHEMA_KEYS:
        raise ValueError(f"schema: unknown keys {entry.keys() - SCHEMA_KEYS}")
    columns = entry.get("columns", {})
    kinds = {column: _kind(declared) for column, declared in columns.items()}
    if not set(entry["primary_key"]) <= columns.keys():
        raise ValueError(f"schema of {entry['table']}: a key column is not among the columns")
    _tables[entry["table"]], _kinds[entry["table"]] = entry, kinds


def _kind(declared: Union[str, Json]) -> str:
    if isinstance(declared, dict):
        if not 0 <= declared["scale"] <= declared["precision"] <= 38:
            raise ValueError("schema: precision and scale")
        declared = declared["type"]
    if declared not in ACCEPTS:
        raise ValueError(f"schema: no type {declared}")
    return declared


def _entry(table: str) -> Json:
    if table not in _tables:
        raise ValueError(f"{table} was not declared: it would get a surrogate key")
    return _tables[table]


def _checked(table: str, row: Json) -> Json:
    for column in _entry(table)["primary_key"]:
        if row.get(column) is None:
            raise ValueError(f"{table}: no value for the key column {column}")
    return {column: _wire(table, column, value) for column, value in row.items()}


def _wire(table: str, column: str, value: Any) -> Any:
    kind = _kinds[table].get(column)
    if kind is None:
        raise ValueError(f"column {column} of {table} was not declared: its type would be guessed")
    if value is None:
        return None
    if not ACCEPTS[kind](value):
        raise TypeError(f"column {column} of {table}: {kind} does not take {type(value).__name__}")
    return str(value) if kind == "LONG" else value


def _emit(line: Json) -> None:
    global _left
    if _left == 0:
        sys.stdout.flush()
        os._exit(9)
    _left -= 1
    write(line)
