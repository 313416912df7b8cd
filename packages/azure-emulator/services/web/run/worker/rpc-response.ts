import type { ServerResponse } from "node:http";
import type { RpcCookie, RpcHttpResponse } from "./core-api";

/** Sends the model's response for the function's result; without a result it answers 204, as the Functions host does. */
export function sendRpcResponse(response: ServerResponse, answer: RpcHttpResponse | null | undefined): void {
  if (answer === undefined || answer === null) {
    response.writeHead(204).end();
    return;
  }
  const body = bodyOf(answer);
  const cookies = (answer.cookies ?? []).map(cookieText);
  response.writeHead(Number(answer.statusCode ?? 200), {
    ...answer.headers,
    ...(cookies.length > 0 && { "set-cookie": cookies }),
    ...(body.length > 0 && { "content-length": body.length }),
  });
  response.end(body);
}

function bodyOf({ body }: RpcHttpResponse): Buffer {
  if (body?.bytes !== undefined)
    return Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength);
  return Buffer.from(body?.string ?? body?.json ?? "");
}

function cookieText(cookie: RpcCookie): string {
  const { domain, path, maxAge, secure, httpOnly, sameSite } = cookie;
  return [
    `${cookie.name ?? ""}=${encodeURIComponent(cookie.value ?? "")}`,
    domain?.value ? `Domain=${domain.value}` : "",
    path?.value ? `Path=${path.value}` : "",
    typeof maxAge?.value === "number" ? `Max-Age=${maxAge.value}` : "",
    secure?.value ? "Secure" : "",
    httpOnly?.value ? "HttpOnly" : "",
    typeof sameSite === "string" && !/^none$/i.test(sameSite) ? `SameSite=${sameSite}` : "",
  ]
    .filter((part) => part !== "")
    .join("; ");
}
