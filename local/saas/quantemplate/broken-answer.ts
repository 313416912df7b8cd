import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import type { Fault } from "./fault-plan";

const html = "<!doctype html><title>Sign in</title><p>Please sign in.</p>";

/**
 * Plays a fault. True if it answered; false if the normal answer must still be sent (after a delay only).
 * @param content The chunks of the normal answer.
 */
export async function playFault(
  fault: Fault,
  reply: FastifyReply,
  content: () => AsyncIterable<Buffer>,
): Promise<boolean> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.status !== undefined) {
    if (fault.retryAfterSeconds !== undefined) reply.header("retry-after", String(fault.retryAfterSeconds));
    const { body = "Broken on purpose." } = fault;
    reply
      .code(fault.status)
      .type(typeof body === "string" ? "text/plain; charset=utf-8" : "application/json");
    await reply.send(fault.status === 204 ? undefined : body);
    return true;
  }
  if (fault.malformed === "html") {
    await reply.type("text/html; charset=utf-8").send(html);
    return true;
  }
  if (fault.malformed === undefined && fault.cutAfterBytes === undefined) return false;
  await sendRaw(
    reply,
    fault.malformed === undefined ? content() : spoil(content(), fault.malformed),
    fault.cutAfterBytes,
  );
  return true;
}

async function* spoil(
  content: AsyncIterable<Buffer>,
  how: "quote" | "columns" | "utf8",
): AsyncGenerator<Buffer> {
  let columns = 0;
  for await (const chunk of content) {
    if (columns === 0) columns = (chunk.toString("latin1").split(/\r?\n/, 1)[0] ?? "").split(",").length;
    yield chunk;
  }
  if (how === "quote") yield Buffer.from('"a quote that never closes,1\r\n');
  if (how === "columns") yield Buffer.from(`${",".repeat(columns + 3)}x\r\n`);
  if (how === "utf8")
    yield Buffer.concat([Buffer.from([0xc3, 0x28, 0xff]), Buffer.from(`${",".repeat(columns - 1)}\r\n`)]);
}

/** Writes a body and cuts the connection after `cutAfter` bytes: they arrive, the end never does. */
async function sendRaw(
  reply: FastifyReply,
  content: AsyncIterable<Buffer>,
  cutAfter = Number.POSITIVE_INFINITY,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    "content-type": "text/csv; charset=utf-8",
  });
  raw.flushHeaders();
  let left = cutAfter;
  for await (const chunk of content) {
    if (raw.destroyed) return;
    const part = chunk.subarray(0, left);
    left -= part.length;
    if (!raw.write(part)) await Promise.race([once(raw, "drain"), once(raw, "close")]);
    if (left <= 0) break;
  }
  if (cutAfter === Number.POSITIVE_INFINITY) raw.end();
  else raw.socket?.destroySoon();
}
