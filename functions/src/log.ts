/** The part of Azure's invocation context that is used. Each call writes one line, a trace in Application Insights. */
export interface LogTarget {
  info(...data: unknown[]): void;
  warn(...data: unknown[]): void;
  error(...data: unknown[]): void;
}

/** The fields of a log line. Never a cell value, never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Bytes of a line at most, so that a long text fills no log and no reader cuts the line's JSON. */
const MAX_LINE = 2000;

/** Writes each line as a JSON object that includes the shared fields; a query reads it with `parse_json(message)`. */
export function createLog(target: LogTarget, shared: LogFields): Log {
  const line = (event: string, fields: LogFields = {}) => shortJson({ event, ...shared, ...fields });
  return {
    info: (event, fields) => target.info(line(event, fields)),
    warn: (event, fields) => target.warn(line(event, fields)),
    error: (event, fields) => target.error(line(event, fields)),
  };
}

/** The JSON of a line. Texts that make it too long are cut, longest first. */
function shortJson(fields: LogFields): string {
  let line = JSON.stringify(fields);
  for (let length = MAX_LINE; Buffer.byteLength(line) > MAX_LINE; length = Math.floor(length / 2))
    line = JSON.stringify(fields, (_, value) => (typeof value === "string" ? cut(value, length) : value));
  return line;
}

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length)}…` : text);
