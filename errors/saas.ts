import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";

export const saasErrors = {
  QT8501: {
    what: "There is no Fivetran connection named {connection}.",
    safe: "Nothing was synced.",
    next: "PUT its functionUrl and functionKey to /fivetran/connections/{connection}, or run `npm start`.",
  },
  QT8502: {
    what: "The Fivetran connection {connection} is syncing already.",
    safe: "The sync that is running continues; its state and destination are untouched.",
    next: "Sync again when it has ended; GET /fivetran/connections/{connection} shows that.",
  },
  QT8503: {
    what: "The function at {url} could not be called: {reason}",
    safe: "The destination holds the pages before this one, and their state.",
    next: "Check that the Function app runs and that its key is the connection's, then sync again.",
  },
  QT8504: {
    what: "The function reported an error: {message}",
    safe: "The destination holds the pages before this one, and their state.",
    next: "Do what the message says, then sync again.",
  },
  QT8505: {
    what: "The function's answer breaks one of Fivetran's rules ({rule}): {detail}.",
    safe: "The page was not applied; the destination holds the pages before it, and their state.",
    next: "Correct the function in functions/src/ and sync again.",
  },
  QT8506: {
    what: "The Fivetran connection {connection} has no table {table}.",
    safe: "Nothing was changed.",
    next: "Sync first; the tables are {known}.",
  },
  QT8507: {
    what: "The body is not usable for {purpose}: {reason}.",
    safe: "Nothing was changed.",
    next: "Send a JSON object as README.md shows it.",
  },
} as const satisfies ErrorCatalogue;
