import { z } from "zod";
import { ActivityError } from "../run/activity-error";
import { bindLinkedService, sqlTarget } from "../run/connections";
import type { SqlResult } from "../sql/sql-session";
import { defineActivity } from "./define-activity";
import { sqlParameter, withSql } from "./sql-activity";

const input = z.strictObject({
  name: z.string(),
  type: z.string().optional(),
  value: z.unknown(),
  direction: z.literal("Input", { error: "the emulator passes Input parameters only" }).optional(),
});

/** Runs SQL scripts one after another on one connection. */
export const script = defineActivity({
  type: "Script",
  uses: ["linkedServiceName"],
  properties: z.strictObject({
    scripts: z
      .array(
        z.strictObject({
          type: z.enum(["Query", "NonQuery"]),
          text: z.unknown(),
          parameters: z.array(input).default([]),
        }),
      )
      .min(1),
    scriptBlockExecutionTimeout: z.string().optional(),
  }),
  async run({ properties: { scripts }, linkedService }, context) {
    if (linkedService === undefined)
      throw new ActivityError("BadRequest", "A script needs a linked service.");
    const { resolver, signal } = context;
    const resolved = scripts.map(({ type, text, parameters }) => ({
      type,
      text: resolver.text(text),
      parameters: parameters.map((entry) =>
        sqlParameter(entry.name, resolver.value(entry.value), entry.type),
      ),
    }));
    context.recordInput({ scripts: resolved });
    const target = sqlTarget(bindLinkedService(linkedService, resolver, context.factory));
    const results: SqlResult[] = [];
    await withSql(context, target, "2011", async (session) => {
      let last: SqlResult = { recordsets: [], rowsAffected: [] };
      for (const { text, parameters } of resolved) {
        last = await session.query(text, parameters, signal);
        results.push(last);
      }
      return last;
    });
    const resultSets = resolved.flatMap(({ type }, index) =>
      type === "Query"
        ? (results[index]?.recordsets ?? []).map((rows) => ({ rowCount: rows.length, rows }))
        : [],
    );
    const recordsAffected = results
      .flatMap(({ rowsAffected }) => rowsAffected)
      .reduce((sum, count) => sum + count, 0);
    return { resultSetCount: resultSets.length, resultSets, recordsAffected, outputParameters: {} };
  },
});
