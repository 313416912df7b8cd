/** A pipeline run in a case's notation. */
export interface FactoryRun {
  readonly runId?: string | null;
  readonly pipelineName?: string;
  readonly status?: string;
  readonly parameters?: unknown;
}

interface Query {
  readonly lastUpdatedAfter: string;
  readonly lastUpdatedBefore: string;
  readonly continuationToken?: string | null;
  readonly filters: readonly { operand: string; operator: string; values: readonly string[] }[];
}

const parameters = { DatasetID: "d-bordereau-premium" };

/** Runs that a correct query does not return, or that belong to another dataset; on the first page of every case. */
const otherRuns: readonly FactoryRun[] = [
  { runId: "running", status: "InProgress", parameters },
  { runId: "of-another-pipeline", pipelineName: "QT_reconcile", parameters },
  { runId: "in-capitals", parameters: { DatasetID: "D-BORDEREAU-PREMIUM" } },
  { runId: "without-parameters" },
];

const minute = 60_000;

/** Answer to queryPipelineRuns: 400 if Data Factory would refuse the query, or if its window is not the past day plus five minutes. */
export function queriedRuns(
  script: { readonly queued?: readonly (readonly FactoryRun[])[]; readonly repeatsToken?: boolean },
  body: unknown,
) {
  const query = body as Query;
  const refused = (message: string) => ({ status: 400, body: { error: { code: "BadRequest", message } } });
  const [after, before] = [query.lastUpdatedAfter, query.lastUpdatedBefore].map((text) => {
    return /Z$|[+-]\d\d:\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  }) as [number, number];
  const ahead = (before - Date.now()) / minute;
  // No narrower: a simulated clock may run ahead of this one.
  if (!(Math.abs(before - after - 1445 * minute) < 1000 && ahead > 4 && ahead < 15))
    return refused(`the window ${query.lastUpdatedAfter} to ${query.lastUpdatedBefore}`);

  const fieldsOf = (run: FactoryRun): Record<string, string> => ({
    PipelineName: run.pipelineName ?? "QT_fetch_data",
    Status: run.status ?? "Queued",
    RunGroupId: run.runId ?? "",
    LatestOnly: "true",
  });
  const operators: Record<string, (value: string, values: readonly string[]) => boolean> = {
    Equals: (value, values) => values.length === 1 && values[0] === value,
    NotEquals: (value, values) => values.length === 1 && values[0] !== value,
    In: (value, values) => values.includes(value),
    NotIn: (value, values) => !values.includes(value),
  };
  const known = fieldsOf({});
  for (const { operand, operator, values } of query.filters ?? [])
    if (!(Object.hasOwn(known, operand) && Object.hasOwn(operators, operator) && Array.isArray(values)))
      return refused(`the filter ${JSON.stringify({ operand, operator, values })}`);

  const pages = script.queued ?? [];
  const page = Number(query.continuationToken || 0);
  if (page > 0 && page >= pages.length) return refused(`the continuation token ${query.continuationToken}`);
  const runs = [...(page === 0 ? otherRuns : []), ...(pages[page] ?? [])];
  const value = runs
    .filter((run) =>
      (query.filters ?? []).every(({ operand, operator, values }) =>
        operators[operator]?.(fieldsOf(run)[operand] ?? "", values),
      ),
    )
    .map(({ runId, parameters }) => ({ runId, parameters }));
  const next = page + 1 < pages.length ? page + 1 : script.repeatsToken ? page : undefined;
  return {
    status: 200,
    body: { value, ...(next !== undefined && { continuationToken: String(next) }) },
  };
}
