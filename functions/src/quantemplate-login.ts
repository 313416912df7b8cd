import { QtError } from "../../errors/qt-error";
import { isJsonObject, type JsonObject } from "../../packages/kit/json-object";
import { exchange } from "./http";
import { parseJson } from "./parse-json";

/** Names of the connection's secrets that hold Quantemplate's credentials. */
const CLIENT_ID = "clientId";
const CLIENT_SECRET = "clientSecret";

/** True if the connection has at least one of Quantemplate's credentials. */
export function hasQuantemplateSecrets(secrets: JsonObject): boolean {
  return secrets[CLIENT_ID] !== undefined || secrets[CLIENT_SECRET] !== undefined;
}

/**
 * Logs in to Quantemplate as the pipeline does and drops the token.
 * @throws QtError QT5010
 */
export async function checkQuantemplateLogin(
  tokenUrl: string,
  secrets: JsonObject,
  send: typeof exchange = exchange,
): Promise<void> {
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
