import type { JsonObject } from "../../packages/kit/json-object";
import { entriesOf } from "./entries";
import type { Feed } from "./feed";
import { parseOptions } from "./options";
import { pageBody } from "./page-body";
import type { FivetranRequest } from "./request";
import { columnTypes } from "./row-json";
import { parseState } from "./state";

export interface SetupTestDependencies {
  readonly feed: Feed;
  /** Logs in to Quantemplate with the connection's secrets. */
  readonly checkQuantemplate: (secrets: JsonObject) => Promise<void>;
}

/**
 * Fivetran's connection test. It checks that the options and the state are valid, that the database answers, that both feed procedures
 * may be called, and that Quantemplate accepts the secrets, if there are any. It sends no row and returns the state unchanged. On
 * request, the schema includes the columns' types, for a caller that must declare them.
 */
export async function setupTest(
  request: FivetranRequest,
  { feed, checkQuantemplate }: SetupTestDependencies,
  signal: AbortSignal,
): Promise<Buffer> {
  const options = parseOptions(request.customPayload);
  const state = parseState(request.state);
  const [datasets] = await Promise.all([
    feed.listDatasets(signal),
    Object.keys(request.secrets).length > 0 ? checkQuantemplate(request.secrets) : undefined,
  ]);
  const entries = entriesOf(datasets, options.datasets);
  const [first] = entries;
  if (first !== undefined) {
    const query = {
      datasetId: first.dataset.id,
      epoch: null,
      afterVersion: 0,
      afterRow: 0,
      upto: null,
      limit: 1,
    };
    await feed.changes(query, { head: () => {}, row: () => true }, signal);
  }
  const tables = entries.map(({ table, primaryKey, dataset }) => ({
    name: table,
    primaryKey,
    columns: request.describeColumns ? columnTypes(dataset) : undefined,
    softDelete: false,
  }));
  return pageBody({ state, tables, hasMore: false });
}
