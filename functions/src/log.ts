/** The part of Azure's invocation context that is used: one line a call, to Application Insights as a trace. */
export interface LogTarget {
  info(...data: unknown[]): void;
  warn(...data: unknown[]): void;
  error(...data: unknown[]): void;
}

/** Facts of a log line. Never a cell value, never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Writes each line as one JSON object, `parse_json(message)` in a query, with the fields that all lines share. */
export function createLog(target: LogTarget, shared: LogFields): Log {
  const line = (event: string, fields: LogFields = {}) => JSON.stringify({ event, ...shared, ...fields });
  return {
    info: (event, fields) => target.info(line(event, fields)),
    warn: (event, fields) => target.warn(line(event, fields)),
    error: (event, fields) => target.error(line(event, fields)),
  };
}
