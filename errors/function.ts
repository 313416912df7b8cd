import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";

export const functionErrors = {
  QT5001: {
    what: "The application setting {setting} of the Function app is missing or empty.",
    safe: "Nothing was read or sent; Fivetran keeps its state.",
    next: "Run `pulumi up -s <tenant>`, which sets it, or set {setting} on the Function app.",
  },
  QT5002: {
    what: "The request is not one of Fivetran's: {reason}.",
    safe: "Nothing was read or sent; Fivetran keeps its state.",
    next: "Send a JSON object with `agent` and `state`, as Fivetran's Azure Functions connector does.",
  },
  QT5003: {
    what: "The customPayload option {option} is not usable: {reason}.",
    safe: "Nothing was read or sent; Fivetran keeps its state.",
    next: "Correct or remove {option} among the custom payloads of the Fivetran connection.",
  },
  QT5004: {
    what: "The customPayload option datasets names {dataset}, which the database does not know.",
    safe: "Nothing was sent; Fivetran keeps its state.",
    next: "Use ids of configured datasets ({known}), or remove the option to send all of them.",
  },
  QT5005: {
    what: "The datasets {first} and {second} would both become the Fivetran table {table}.",
    safe: "Nothing was sent; Fivetran keeps its state.",
    next: "Give one of them another `table` in `quantemplate:datasets` and run `pulumi up -s <tenant>`.",
  },
  QT5006: {
    what: "The dataset {dataset} has a column named {column}, which is reserved at the destination.",
    safe: "Nothing was sent; Fivetran keeps its state.",
    next: "Rename the column at its source in Quantemplate and load the dataset again.",
  },
  QT5007: {
    what: "A value of column {column} of dataset {dataset} does not have the form of its declared type {type} (row id {row}).",
    safe: "The page was not sent; Fivetran keeps its state and the table is as it was.",
    next: "Load the dataset again with `npm run load -- {dataset}`; if it stays, declare the column as text.",
  },
  QT5008: {
    what: "The database {database} on {server} could not be read: {reason}",
    safe: "No page was sent; Fivetran keeps its state and asks again at the next sync.",
    next: "Check that the database is up and that the function's identity is a user of it (`pulumi up` restores it), then sync again.",
  },
  QT5009: {
    what: "The managed identity {clientId} was given no token for {resource}: {reason}",
    safe: "Nothing was read or sent; Fivetran keeps its state.",
    next: "Check that the identity is assigned to the Function app and that AZURE_CLIENT_ID is its client id.",
  },
  QT5010: {
    what: "Quantemplate did not accept the client id and secret among the connection's secrets: {reason}",
    safe: "Nothing was sent; syncs do not use these secrets, only the connection test does.",
    next: "Correct `clientId` and `clientSecret` among the secrets of the Fivetran connection and keep no other there, or remove all.",
  },
  QT5011: {
    what: "The database did not answer {procedure} as agreed: {reason}.",
    safe: "No page was sent; Fivetran keeps its state.",
    next: "Run `pulumi up -s <tenant>`, which brings database and function to the same version.",
  },
  QT5012: {
    what: "The database gave no row within {seconds} s.",
    safe: "No page was sent; Fivetran keeps its state and asks again at the next sync.",
    next: "Look at the database's load in the Azure portal; raise `quantemplate:sql` if it is at its limit.",
  },
  QT5013: {
    what: "The function cannot continue from the state that Fivetran sent: {reason}.",
    safe: "No row was sent, so none is billed; Fivetran keeps this state, and the destination is as it was.",
    next: "Correct the state, or restore it from before it was changed: pause the connection, then `PATCH /v1/connections/<id>/state` of Fivetran's REST API. For a newer format, deploy the newer function again. If you mean to send and pay for every row once more, re-sync the connection in Fivetran.",
  },
  QT5014: {
    what: "The database took no connection within {seconds} s.",
    safe: "No page was sent; Fivetran keeps its state and asks again at the next sync.",
    next: "If it persists, look in the Azure portal whether the database is online, and whether the server admits Azure's services.",
  },
} as const satisfies ErrorCatalogue;
