"""Calls the function `fivetran` and validates its answers."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, NoReturn, Optional

Json = dict[str, Any]

TIMEOUT_SECONDS = 240
"""Azure answers or cuts off an HTTP call within 230 s."""
RETRY_DELAYS_SECONDS = (2, 4, 8, 16, 32)
LONGEST_RETRY_AFTER_SECONDS = 60
RETRIED_STATUSES = frozenset((408, 429, 500, 502, 503, 504))
"""Statuses of the host in front of the function; its own errors have status 200."""
OPTIONS = ("datasets", "pageRows", "pageBytes")
"""Configuration keys that are passed to the function in its `customPayload`."""


class SyncError(Exception):
    """Ends the sync; Fivetran shows the message. Never holds a cell or the function key."""


class FunctionClient:
    """The function that a configuration names. Raises SyncError if it is unusable."""

    def __init__(self, configuration: dict[str, str]) -> None:
        self._url = _function_url(configuration.get("function_url", "").strip())
        self._key = _function_key(configuration.get("function_key", "").strip())
        self._options = {name: configuration[name] for name in OPTIONS if configuration.get(name)}

    def ask(self, request: Json) -> Json:
        """Returns the page that answers a request, with every section of the protocol present.

        Raises SyncError with the function's own message if it reports an error.
        """
        agent = "Fivetran Connector SDK/quantemplate"
        body = json.dumps({"agent": agent, "customPayload": self._options, **request}).encode()
        try:
            answer = json.loads(self._post(body).decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError):
            # The parser's message may quote what it read. It recurses at each level of nesting.
            raise SyncError("The function's answer is not JSON.") from None
        if isinstance(answer, dict) and "errorMessage" in answer:
            raise SyncError(str(answer["errorMessage"]))
        if not _is_page(answer):
            raise SyncError("The function's answer is not a page of Fivetran's protocol.")
        return {"delete": {}, "softDelete": [], **answer}

    def _post(self, body: bytes) -> bytes:
        """Retries errors that may pass; requesting a page twice is safe."""
        headers = {"Content-Type": "application/json", "x-functions-key": self._key}
        request = urllib.request.Request(self._url, data=body, headers=headers, method="POST")
        for delay in (*RETRY_DELAYS_SECONDS, None):
            try:
                with _open(request, timeout=TIMEOUT_SECONDS) as response:
                    return _body_of(response)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code not in RETRIED_STATUSES:
                    raise SyncError(_refusal(error.code)) from None
                reason = f"status {error.code}"
                asked = _retry_after(error.headers.get("Retry-After"))
            except OSError as error:
                reason, asked = str(error), 0
            except http.client.HTTPException as error:
                reason, asked = type(error).__name__, 0
            if delay is not None:
                time.sleep(max(delay, asked))
        raise SyncError(f"The function could not be called, even after retries: {reason}.")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the function key to another host."""

    def redirect_request(self, *_: Any) -> None:
        return None


_open = urllib.request.build_opener(_NoRedirects).open


def _function_url(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    local = parts.hostname in ("localhost", "127.0.0.1")
    if not parts.hostname or parts.scheme not in (("https", "http") if local else ("https",)):
        raise SyncError("function_url must be the https:// address of the function.")
    if parts.query:
        raise SyncError("function_url must not have a query: the key belongs in function_key.")
    return url


def _function_key(key: str) -> str:
    if not key or not key.isascii() or not key.isprintable():
        raise SyncError("function_key must be the key of the function.")
    return key


def _body_of(response: Any) -> bytes:
    if response.status != 200 or response.headers.get_content_type() != "application/json":
        raise SyncError("Something other than the function answered; check function_url.")
    return response.read()


def _refusal(status: int) -> str:
    hint = "; check function_key" if status in (401, 403) else "; check function_url"
    return f"The function's host answered with status {status}{hint}."


def _retry_after(seconds: Optional[str]) -> int:
    if seconds is None or not seconds.isdecimal():
        return 0
    return min(int(seconds), LONGEST_RETRY_AFTER_SECONDS)


def _refuse(constant: str) -> NoReturn:
    """NaN and Infinity are Python's extensions, not JSON."""
    raise ValueError(constant)


def _is_page(answer: Any) -> bool:
    return (
        isinstance(answer, dict)
        and isinstance(answer.get("state"), dict)
        and isinstance(answer.get("hasMore"), bool)
        and _has_entries(answer.get("schema"))
        and _has_records(answer.get("insert"))
        and _has_records(answer.get("delete", {}))
        and _is_list(answer.get("softDelete", []), str)
    )


def _has_entries(schema: Any) -> bool:
    return isinstance(schema, dict) and all(isinstance(entry, dict) for entry in schema.values())


def _has_records(section: Any) -> bool:
    return isinstance(section, dict) and all(_is_list(rows, dict) for rows in section.values())


def _is_list(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(entry, kind) for entry in value)
