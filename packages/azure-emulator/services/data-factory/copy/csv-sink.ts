import type { SqlService } from "../../sql/sql-service";

/** The part of the SQL service that Copy activities write to. */
export type CsvSink = Pick<SqlService, "copyCsv">;
