import { QtError } from "../../errors/qt-error";
import { isJsonObject, type JsonObject } from "../../packages/kit/json-object";
import { exchange } from "./http";
import { parseJson } from "./parse-json";
import { shown } from "./redact";

/** Names of the connection's secrets that hold Quantemplate's credentials. */
const CLIENT_ID = "clientId";
const CLIENT_SECRET = "clientSecret";

/**
 * Logs in to Quantemplate as the pipeline does and drops the token.
 * @throws QtError QT5010
 */
export async function checkQuantemplateLogin(
  tokenUrl: string,
  secrets: JsonObject,
  send: typeof exchange = exchange,
): Promise<void> {
  // A misspelt name would otherwise be a test that checks nothing.
  const unknown = Object.keys(secrets).filter((name) => name !== CLIENT_ID && name !== CLIENT_SECRET);
  if (unknown.length > 0) {
    const names = shown(unknown.join(", "));
    throw new QtError("QT5010", {
      reason: `it needs ${CLIENT_ID} and ${CLIENT_SECRET} only, and there is ${names}.`,
    });
  }
  const id = secrets[CLIENT_ID];
  const secret = secrets[CLIENT_SECRET];
  if (typeof id !== "string" || typeof secret !== "string" || id === "" || secret === "") {
    throw new QtError("QT5010", { reason: `it needs both ${CLIENT_ID} and ${CLIENT_SECRET}.` });
  }
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: id,
    client_secret: secret,
  });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await send(tokenUrl, { method: "POST", headers, body: body.toString() }).catch(
    (error: Error) => {
      throw new QtError("QT5010", { reason: `${new URL(tokenUrl).host} did not answer (${error.message}).` });
    },
  );
  if (answer.status !== 200) throw new QtError("QT5010", { reason: `it answered status ${answer.status}.` });
  if (!holdsToken(answer.text)) throw new QtError("QT5010", { reason: "it answered no access_token." });
}

function holdsToken(text: string): boolean {
  const parsed = parseJson(text);
  return isJsonObject(parsed) && typeof parsed.access_token === "string";
}
