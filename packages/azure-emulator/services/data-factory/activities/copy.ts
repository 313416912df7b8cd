import { z } from "zod";
import { EmulatorError } from "../../../errors/emulator-error";
import { applyCsvBehaviour } from "../copy/apply-csv-behaviour";
import type { AzureCsvBehaviour } from "../copy/azure-csv-behaviour";
import { download, parseHeaders } from "../copy/http-download";
import { sinkFailure } from "../copy/sink-failure";
import { sourceFailure } from "../copy/source-failure";
import { stagingTable } from "../copy/table-name";
import { toText } from "../expressions/text";
import { isObject } from "../expressions/value";
import { milliseconds } from "../model/activity";
import { ActivityError } from "../run/activity-error";
import { type BoundDataset, bindDataset, sqlTarget, textOf, wrongType } from "../run/connections";
import { defineActivity } from "./define-activity";
import { SQL_AUDIENCE } from "./sql-activity";

/** Documented default of `requestTimeout`. */
const DEFAULT_REQUEST_TIMEOUT = "00:01:40";

const source = z.strictObject({
  type: z.literal("DelimitedTextSource", { error: "the emulator copies from DelimitedTextSource only" }),
  storeSettings: z.strictObject({
    type: z.literal("HttpReadSettings", { error: "the emulator reads with HttpReadSettings only" }),
    requestMethod: z.literal("GET").default("GET"),
    additionalHeaders: z.unknown().optional(),
    requestTimeout: z.string().default(DEFAULT_REQUEST_TIMEOUT),
  }),
  formatSettings: z.strictObject({ type: z.literal("DelimitedTextReadSettings") }).optional(),
});

const sink = z.strictObject({
  type: z.literal("AzureSqlSink", { error: "the emulator copies to AzureSqlSink only" }),
  preCopyScript: z.unknown().optional(),
  tableOption: z.enum(["none", "autoCreate"]).default("none"),
  writeBehavior: z
    .string()
    .toLowerCase()
    .pipe(z.literal("insert", { error: "the emulator inserts only" }))
    .optional(),
  sqlWriterUseTableLock: z.boolean().optional(),
  disableMetricsCollection: z.boolean().optional(),
  writeBatchSize: z.int().optional(),
  writeBatchTimeout: z.string().optional(),
  maxConcurrentConnections: z.int().optional(),
});

/** Copies CSV from an HTTP server into a new table of an Azure SQL database. */
export const copy = defineActivity({
  type: "Copy",
  uses: ["inputs", "outputs"],
  properties: z.strictObject({
    source,
    sink,
    enableStaging: z.literal(false).optional(),
    parallelCopies: z.int().optional(),
    dataIntegrationUnits: z.int().optional(),
  }),
  async run({ properties, inputs: [input], outputs: [output] }, context) {
    if (input === undefined || output === undefined)
      throw new ActivityError("BadRequest", "A copy has one input and one output.");
    const { resolver, services, signal, factory } = context;
    const startedAt = performance.now();
    const headers = resolver.text(properties.source.storeSettings.additionalHeaders ?? "");
    const preCopyScript = resolver.text(properties.sink.preCopyScript ?? "");
    const from = httpUrl(bindDataset(input, resolver, factory));
    const table = bindDataset(output, resolver, factory);
    const target = sqlTarget(table.linkedService);
    const name = stagingTable(table);
    context.recordInput({
      source: {
        ...properties.source,
        storeSettings: { ...properties.source.storeSettings, url: from, additionalHeaders: headers },
      },
      sink: { ...properties.sink, preCopyScript, table: `${name.schema}.${name.table}` },
    });

    const token = services.token(factory, SQL_AUDIENCE);
    const sinkAddress = await services.addressIn(target.network);
    const incoming = await download({
      url: from,
      headers: parseHeaders(headers),
      requestTimeoutMs: milliseconds(properties.source.storeSettings.requestTimeout),
      signal,
      fetch: services.fetch,
    });
    const csv = applyCsvBehaviour(incoming.csv, services.csvBehaviour);
    try {
      const { rowsCopied, columns } = await services.csvSink().copyCsv({
        server: `${target.host},${target.port}`,
        database: target.database,
        accessToken: token,
        ...name,
        ...(preCopyScript === "" ? {} : { preCopyScript }),
        ...(sinkAddress === undefined ? {} : { from: sinkAddress }),
        autoCreate: properties.sink.tableOption === "autoCreate",
        csv,
        reading: services.csvBehaviour,
        signal,
      });
      const failure = incoming.failure();
      if (failure !== undefined) throw failure;
      refuseEmpty(incoming.status, incoming.bytes(), services.csvBehaviour);
      return copyOutput(incoming.bytes(), rowsCopied, columns.length, performance.now() - startedAt);
    } catch (error) {
      const failure = incoming.failure() ?? error;
      if (failure instanceof ActivityError) throw failure;
      throw sinkFailure(failure);
    } finally {
      csv.destroy();
      incoming.csv.destroy();
    }
  },
});

/** Concatenates the linked service's URL and the dataset's relative URL, as Azure does. */
function httpUrl(dataset: BoundDataset): string {
  if (dataset.type !== "DelimitedText") throw wrongType(dataset, "DelimitedText");
  if (dataset.linkedService.type !== "HttpServer") throw wrongType(dataset.linkedService, "HttpServer");
  const location = dataset.typeProperties.get("location");
  const relative =
    location !== undefined && isObject(location) ? toText(location.get("relativeUrl") ?? null) : "";
  return `${textOf(dataset.linkedService, "url")}${relative}`;
}

function refuseEmpty(status: number, bytes: number, { noContent, emptyBody }: AzureCsvBehaviour): void {
  const behaviour = status === 204 ? noContent : emptyBody;
  if (bytes === 0 && behaviour === "fail")
    throw sourceFailure("EmptyBody", new EmulatorError("QT3109"), `HTTP ${status} without content`);
}

function copyOutput(
  dataRead: number,
  rowsCopied: number,
  columns: number,
  milliseconds: number,
): Record<string, unknown> {
  const seconds = milliseconds / 1000;
  return {
    dataRead,
    dataWritten: dataRead,
    filesRead: 1,
    sourcePeakConnections: 1,
    sinkPeakConnections: 1,
    rowsRead: rowsCopied,
    rowsCopied,
    copyDuration: Math.ceil(seconds),
    // KB/s.
    throughput: Math.round((dataRead / 1024 / Math.max(seconds, 0.001)) * 1000) / 1000,
    errors: [],
    effectiveIntegrationRuntime: "AutoResolveIntegrationRuntime (local)",
    usedDataIntegrationUnits: 4,
    usedParallelCopies: 1,
    executionDetails: [
      {
        source: { type: "HttpServer" },
        sink: { type: "AzureSqlDatabase" },
        status: "Succeeded",
        duration: Math.ceil(seconds),
        columns,
      },
    ],
  };
}
