import { type Readable, Transform } from "node:stream";
import { reasonOf } from "../../../../kit/reason-of";
import { EmulatorError } from "../../../errors/emulator-error";
import { nodeStream } from "../activities/http-call";
import { ActivityError } from "../run/activity-error";
import { sourceFailure, statusFailure } from "./source-failure";

export interface HttpSource {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Time limit until the response starts; the body may take longer. */
  readonly requestTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
}

export interface Download {
  readonly csv: Readable;
  readonly status: number;
  /** Number of bytes received so far. */
  bytes(): number;
  /** The failure on the source's side while reading, if there was one. */
  failure(): ActivityError | undefined;
}

/** Starts a download. @throws ActivityError if the source does not answer 2xx in time */
export async function download(source: HttpSource): Promise<Download> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), source.requestTimeoutMs);
  let response: Response;
  try {
    response = await source.fetch(source.url, {
      headers: { ...source.headers },
      signal: AbortSignal.any([source.signal, timeout.signal]),
    });
  } catch (error) {
    const reason = timeout.signal.aborted
      ? `no answer within ${source.requestTimeoutMs / 1000} s`
      : reasonOf(error);
    throw sourceFailure(
      "HttpRequestFailed",
      new EmulatorError("QT3108"),
      `The request failed: ${reason}`,
      error,
    );
  } finally {
    clearTimeout(timer);
  }
  if (!response.ok) throw await statusFailure(response);
  return readBody(response);
}

function readBody(response: Response): Download {
  const declared =
    response.headers.get("content-encoding") === null ? response.headers.get("content-length") : null;
  let bytes = 0;
  let failure: ActivityError | undefined;
  const cut = (reason: string, cause?: unknown) => {
    failure ??= sourceFailure(
      "HttpConnectionClosed",
      new EmulatorError("QT3107", { bytes }),
      `The connection ended: ${reason}`,
      cause,
    );
    return failure;
  };
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      const complete = declared === null || response.status === 204 || bytes === Number(declared);
      done(complete ? null : cut(`${bytes} of ${declared} bytes arrived`));
    },
  });
  const body = nodeStream(response);
  body.on("error", (error) => counted.destroy(cut(reasonOf(error), error)));
  // The download may fail before anything reads it. `failure` keeps the error; an error event without a listener would end the
  // process.
  counted.on("error", () => undefined);
  counted.on("close", () => body.destroy());
  body.pipe(counted);
  return { csv: counted, status: response.status, bytes: () => bytes, failure: () => failure };
}

/** Parses lines `Key: value` as headers. @throws ActivityError that does not show the text, which may contain a token */
export function parseHeaders(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      if (colon <= 0)
        throw new ActivityError("2200", "additionalHeaders must be lines of the form 'Key: value'.");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
