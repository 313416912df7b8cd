import type { SqlService } from "../../sql/sql-service";

/** Where a copy writes: the part of the SQL service that Copy activities use. */
export type CsvSink = Pick<SqlService, "copyCsv">;
