/** The part of Azure's invocation context that is used. Each call writes one line, a trace in Application Insights. */
export interface LogTarget {
  info(...data: unknown[]): void;
  warn(...data: unknown[]): void;
  error(...data: unknown[]): void;
}

/** The fields of a log line. Never a cell value, never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Writes each line as a JSON object that includes the shared fields; a query reads it with `parse_json(message)`. */
export function createLog(target: LogTarget, shared: LogFields): Log {
  const line = (event: string, fields: LogFields = {}) => JSON.stringify({ event, ...shared, ...fields });
  return {
    info: (event, fields) => target.info(line(event, fields)),
    warn: (event, fields) => target.warn(line(event, fields)),
    error: (event, fields) => target.error(line(event, fields)),
  };
}
