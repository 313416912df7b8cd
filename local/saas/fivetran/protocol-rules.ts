import { QtError } from "../../../errors/qt-error";

/**
 * The protocol's rules for an answer, in its own words if it has them. "Azure Functions" is
 * fivetran.com/docs/connectors/functions/azure-functions; docs/sources.md has the other pages.
 */
export const rules = {
  contentType: 'Azure Functions: add the "Content-Type" as "application/json" in the response header',
  json: "Azure Functions: the response is a JSON object",
  state: "Azure Functions: Fivetran expects an updated `state` object in every response",
  hasMore: "Azure Functions: `hasMore` is an indicator (a JSON boolean) for a follow-up call",
  sections: "Azure Functions: `insert` and `delete` hold a list of records for each entity",
  schema: "Azure Functions: `schema` specifies the primary key columns (`primary_key`) for each entity",
  deleteNeedsSchema:
    "Azure Functions: if you specify the delete field, you must also specify the schema field",
  consistentKey: "Azure Functions: be very consistent with the schema field and the primary key columns",
  softDelete: "Azure Functions: `softDelete` specifies the list of entities to be soft deleted",
  oneOperationPerKey: "Partner SDK: each primary key is deduplicated to one operation in a batch",
  wholeNumbers: "Data types: a number beyond 2^53 loses digits on its way; send it as a string",
  systemColumns: "System columns: names that begin with _fivetran are Fivetran's own",
  names: "Naming conventions: names that become the same after normalisation merge",
  emptyResponses: "Changelog May 2025: more than 10 consecutive empty responses terminate the connection",
  errors: "Azure Functions: you must specify the errorMessage field to use errorType and stackTrace",
} as const;

/** The error for an answer that breaks a rule. `detail` says where, never what a cell holds. */
export function violation(rule: keyof typeof rules, detail: string): QtError {
  return new QtError("QT8505", { rule: rules[rule], detail });
}
