import { QtError } from "../../../errors/qt-error";
import { reasonOf } from "../../../packages/kit/reason-of";
import type { ConnectionConfig } from "./connection-store";
import { violation } from "./protocol-rules";

/** One call of the function, as Fivetran makes it. */
export interface FunctionCall {
  readonly connection: string;
  readonly config: ConnectionConfig;
  /** JSON text. */
  readonly state: string;
  readonly syncId: string | undefined;
  readonly setupTest?: boolean;
}

/** The answer's body, with its size on the wire. */
export interface FunctionAnswer {
  readonly text: string;
  readonly bytes: number;
}

/** Azure answers or cuts an HTTP call within 230 s. */
const TIMEOUT_MS = 240_000;

/**
 * POSTs the request object of the protocol.
 * @throws QtError QT8503 if no usable answer came, QT8505 for a wrong content type or invalid UTF-8.
 */
export async function callFunction(call: FunctionCall): Promise<FunctionAnswer> {
  const { functionUrl: url, functionKey } = call.config;
  const response = await send(url, functionKey, requestBody(call));
  if (response.status !== 200) {
    const text = (await response.text().catch(() => "")).trim().slice(0, 300);
    throw new QtError("QT8503", {
      url,
      reason: `status ${response.status}${text === "" ? "" : `: ${text}`}`,
    });
  }
  const type = response.headers.get("content-type") ?? "none";
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw violation("contentType", `the content type is ${type}`);
  const body = await response.arrayBuffer().catch((error: unknown) => {
    throw new QtError(
      "QT8503",
      { url, reason: `the answer broke off (${reasonOf(error)})` },
      { cause: error },
    );
  });
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(body), bytes: body.byteLength };
  } catch {
    throw violation("json", "the body is not UTF-8");
  }
}

/** The state is inserted as text, so that the function gets back exactly what it sent. */
function requestBody({ connection, config, state, syncId, setupTest }: FunctionCall): string {
  const agent = `Fivetran Azure Functions Connector/${connection}/${connection}`;
  const rest = {
    secrets: config.secrets,
    customPayload: config.customPayload,
    ...(setupTest === true ? { setup_test: true } : {}),
    ...(syncId === undefined ? {} : { sync_id: syncId }),
  };
  return `{"agent":${JSON.stringify(agent)},"state":${state},${JSON.stringify(rest).slice(1)}`;
}

async function send(url: string, functionKey: string, body: string): Promise<Response> {
  try {
    return await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-functions-key": functionKey },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new QtError("QT8503", { url, reason: reasonOf(error) }, { cause: error });
  }
}
