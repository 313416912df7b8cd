import type { Readable } from "node:stream";

/** The sink of a copy: streams CSV into a new table. The SQL service of the stand-in is one. */
export interface CsvSink {
  copyCsv(request: CopyCsvRequest): Promise<CopyCsvResult>;
}

export interface CopyCsvRequest {
  /** "host,port" or "host". */
  readonly server: string;
  readonly database: string;
  /** For the audience https://database.windows.net/. */
  readonly accessToken: string;
  readonly schema: string;
  readonly table: string;
  readonly preCopyScript?: string;
  /** Make the table from the header. */
  readonly autoCreate: boolean;
  /** RFC 4180, UTF-8. An error on the stream rolls everything back. */
  readonly csv: Readable;
  readonly signal?: AbortSignal;
}

export interface CopyCsvResult {
  readonly rowsCopied: number;
  /** Bytes. */
  readonly dataRead: number;
  readonly columns: string[];
}
