import { QtError } from "../../errors/qt-error";
import { isJsonObject, type JsonObject } from "../../packages/kit/json-object";
import { parseJson } from "./parse-json";
import { shown, textsIn } from "./redact";

/** A request from Fivetran (fivetran.com/docs/connectors/functions/azure-functions, "Request format"). Optional fields are often absent. */
export interface FivetranRequest {
  /** Informational: `Fivetran Azure Functions Connector/<external_id>/<schema>`. */
  readonly agent: string | undefined;
  /** Unchecked; see `parseState`. */
  readonly state: unknown;
  /** Key/value pairs of the connection form. Never logged, never echoed. */
  readonly secrets: JsonObject;
  /** Every text among the secrets, whatever their form; no message may contain one. */
  readonly secretTexts: readonly string[];
  readonly customPayload: JsonObject;
  readonly setupTest: boolean;
  /** True to include the columns' types in the schema of a connection test. Our own field, which connector-sdk/ sends. */
  readonly describeColumns: boolean;
  /** Id of the sync, `setup-test` in a connection test, or absent. Short, but to be redacted. */
  readonly syncId: string | undefined;
}

/**
 * Reads the body of a request. Optional fields may be absent, and unknown ones are ignored.
 * @throws QtError QT5002 if the body is not a JSON object.
 */
export function parseRequest(body: string): FivetranRequest {
  const parsed = parseJson(body);
  if (parsed === undefined) throw new QtError("QT5002", { reason: "the body is not JSON" });
  if (!isJsonObject(parsed)) throw new QtError("QT5002", { reason: "the body is not a JSON object" });
  const { secrets } = parsed;
  return {
    agent: typeof parsed.agent === "string" ? parsed.agent : undefined,
    state: parsed.state,
    secrets: objectOrEmpty(secrets),
    secretTexts: textsIn(typeof secrets === "string" ? [secrets, parseJson(secrets)] : secrets),
    customPayload: objectOrEmpty(parsed.customPayload),
    setupTest: parsed.setup_test === true,
    describeColumns: parsed.describe_columns === true,
    syncId: typeof parsed.sync_id === "string" ? shown(parsed.sync_id) : undefined,
  };
}

/** Connections made before August 2023 may send secrets as JSON text. */
function objectOrEmpty(value: unknown): JsonObject {
  const object = typeof value === "string" ? parseJson(value) : value;
  return isJsonObject(object) ? object : {};
}
