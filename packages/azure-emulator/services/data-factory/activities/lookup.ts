import { z } from "zod";
import { milliseconds } from "../model/activity";
import { datasetReference } from "../model/reference";
import { ActivityError } from "../run/activity-error";
import { bindDataset, sqlTarget } from "../run/connections";
import type { SqlRow } from "../sql/sql-session";
import { defineActivity } from "./define-activity";
import { withSql } from "./sql-activity";
import { procedureParameters, resolveParameters } from "./stored-procedure";

/** Documented limits. */
const MAX_ROWS = 5000;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads rows with a procedure or a query: the first 5,000. More than 4 MB is an error, and so are several result sets
 * (https://learn.microsoft.com/azure/data-factory/control-flow-lookup-activity).
 */
export const lookup = defineActivity({
  type: "Lookup",
  properties: z.strictObject({
    source: z.strictObject({
      type: z.literal("AzureSqlSource", { error: "the emulator looks up with AzureSqlSource only" }),
      sqlReaderQuery: z.unknown().optional(),
      sqlReaderStoredProcedureName: z.unknown().optional(),
      storedProcedureParameters: procedureParameters,
      queryTimeout: z.string().optional(),
      partitionOption: z.literal("None").optional(),
    }),
    dataset: datasetReference,
    firstRowOnly: z.boolean().default(true),
  }),
  references: ({ dataset }) => [dataset],
  async run({ properties: { source, dataset, firstRowOnly } }, context) {
    const { resolver, signal } = context;
    const bound = bindDataset(dataset, resolver, context.factory);
    const target = sqlTarget(bound.linkedService);
    const withTimeout =
      source.queryTimeout === undefined
        ? target
        : { ...target, commandTimeout: milliseconds(source.queryTimeout) / 1000 };
    const { values, shown } = resolveParameters(source.storedProcedureParameters, resolver);
    const procedure = optionalText(source.sqlReaderStoredProcedureName);
    const query = optionalText(source.sqlReaderQuery);
    context.recordInput({
      source: { type: source.type, procedure, query, storedProcedureParameters: shown },
      firstRowOnly,
    });

    const result = await withSql(context, withTimeout, "2100", (session) => {
      if (procedure !== undefined) return session.execute(procedure, values, signal);
      if (query !== undefined) return session.query(query, [], signal);
      throw new ActivityError(
        "BadRequest",
        "The lookup has neither a procedure nor a query; the emulator does not read whole tables.",
      );
    });
    if (result.recordsets.length > 1)
      throw new ActivityError(
        "2100",
        `A lookup needs one result set; there are ${result.recordsets.length}.`,
      );
    return {
      ...answer(result.recordsets[0] ?? [], firstRowOnly),
      effectiveIntegrationRuntime: "AutoResolveIntegrationRuntime (local)",
    };

    function optionalText(definition: unknown): string | undefined {
      return definition === undefined ? undefined : resolver.text(definition);
    }
  },
});

function answer(rows: readonly SqlRow[], firstRowOnly: boolean): Record<string, unknown> {
  if (firstRowOnly) return rows[0] === undefined ? {} : { firstRow: rows[0] };
  const value = rows.slice(0, MAX_ROWS);
  const output = { count: value.length, value };
  if (Buffer.byteLength(JSON.stringify(output)) > MAX_BYTES) {
    throw new ActivityError("2100", "A lookup returns at most 4 MB.");
  }
  return output;
}
