import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";
import { reasonOf } from "../../../../kit/reason-of";
import { fetchFrom } from "../../../control-plane/network/fetch-from";
import type { ActivityContext } from "../run/activity-context";
import { ActivityError } from "../run/activity-error";
import { pause } from "../run/pause";

/** Documented limit of a Web activity's response. */
const MAX_BYTES = 4 * 1024 * 1024;
/** How much of an error's body the message shows. */
const SHOWN_CHARACTERS = 500;

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Time limit for the whole response, including its body. */
  readonly timeoutMs: number;
  /** Poll `Location` after a 202, as Data Factory does by default. */
  readonly followAccepted: boolean;
  /** The id of the managed virtual network from which to call. */
  readonly network?: string | undefined;
}

export interface HttpResult {
  readonly json: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Calls an endpoint that answers with a JSON object. @throws ActivityError with Data Factory's codes and wording */
export async function callJson(call: HttpCall, context: ActivityContext): Promise<HttpResult> {
  let response = await send(call, context);
  while (call.followAccepted && response.status === 202 && response.headers.has("location")) {
    const url = new URL(response.headers.get("location") ?? "", call.url).href;
    const seconds = Number(response.headers.get("retry-after") ?? 1);
    await response.body?.cancel();
    await pause(Math.max(seconds, 1) * 1000 * context.services.intervalScale, context.signal);
    const { authorization } = call.headers;
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    response = await send({ ...call, method: "GET", url, headers, body: undefined }, context);
  }
  const text = await bodyOf(response, call.url);
  if (!response.ok) {
    throw new ActivityError(
      "2108",
      `Error calling the endpoint '${withoutQuery(call.url)}'. Response status code: '${response.status}'. ${text.slice(0, SHOWN_CHARACTERS)}`.trim(),
    );
  }
  return { json: jsonObject(text, call.url), headers: Object.fromEntries(response.headers) };
}

async function send(call: HttpCall, context: ActivityContext): Promise<Response> {
  const timeout = AbortSignal.timeout(call.timeoutMs);
  const { services } = context;
  try {
    const from = call.network === undefined ? undefined : await services.addressIn(call.network);
    return await (from === undefined ? services.fetch : fetchFrom(from))(call.url, {
      method: call.method,
      headers: { ...call.headers },
      ...(call.body === undefined ? {} : { body: call.body }),
      redirect: "follow",
      signal: AbortSignal.any([context.signal, timeout]),
    });
  } catch (error) {
    const reason = timeout.aborted ? `no answer within ${call.timeoutMs / 1000} s` : reasonOf(error);
    throw new ActivityError(
      "2108",
      `Error calling the endpoint '${withoutQuery(call.url)}': ${reason}.`,
      "UserError",
      {
        cause: error,
      },
    );
  }
}

async function bodyOf(response: Response, url: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of nodeStream(response)) {
      size += chunk.byteLength;
      if (size > MAX_BYTES)
        throw new ActivityError("2001", `The response of '${withoutQuery(url)}' is over 4 MB.`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ActivityError) throw error;
    throw new ActivityError(
      "2108",
      `The response of '${withoutQuery(url)}' ended early: ${reasonOf(error)}.`,
      "UserError",
      {
        cause: error,
      },
    );
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The body as a Node stream, which is empty if there is no body. */
export function nodeStream(response: Response): Readable {
  // The global `ReadableStream` and that of node:stream/web are the same class with two type declarations.
  return response.body === null ? Readable.from([]) : Readable.fromWeb(response.body as WebStream);
}

function jsonObject(text: string, url: string): Record<string, unknown> {
  try {
    // Of an empty answer the output has an empty `Response`.
    const json: unknown = text === "" ? { Response: "" } : JSON.parse(text.replace(/^\uFEFF/, ""));
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return { ...json };
  } catch {
    // Reported below, together with arrays and scalars.
  }
  throw new ActivityError(
    "2105",
    `The response of '${withoutQuery(url)}' is not a JSON object; a Web activity reads only JSON objects.`,
  );
}

/** Drops the query, which may contain keys. */
function withoutQuery(url: string): string {
  return url.split("?")[0] ?? url;
}
