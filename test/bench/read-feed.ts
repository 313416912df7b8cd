import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";

/** The cost of reading the whole feed. */
export interface FeedRead {
  readonly seconds: number;
  /** CPU seconds of this process: HTTP only. */
  readonly cpuSeconds: number;
  readonly bytes: number;
  readonly pages: number;
  readonly state: unknown;
}

/** What to read, and from where. */
export interface FeedRequest {
  readonly url: string;
  readonly key: string;
  readonly state: unknown;
  /** Only one page, of this many rows. */
  readonly rows?: number | undefined;
}

interface Envelope {
  readonly state: unknown;
  readonly hasMore: boolean;
}

/** Everything of a page but its rows fits into so many bytes at its beginning and at its end. */
const ENDS = 4096;

/**
 * Reads pages until there are no more, without a destination. Of each page only the parts that the next call needs are kept:
 * Fivetran's own processing happens in its own time on its own machine.
 */
async function readFeed({ url, key, state, rows }: FeedRequest): Promise<FeedRead> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const agent = new Agent({ keepAlive: true });
  const customPayload = rows === undefined ? {} : { pageRows: rows };
  let [bytes, pages, current] = [0, 0, state];
  for (let more = true; more; ) {
    const body = JSON.stringify({ agent: "bench", state: current, sync_id: "bench", customPayload });
    const page = await post(url, key, body, agent);
    ({ state: current, hasMore: more } = envelopeOf(page));
    more &&= rows === undefined;
    bytes += page.bytes;
    pages += 1;
  }
  agent.destroy();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cpuSeconds: (user + system) / 1e6, bytes, pages, state: current };
}

/** The ends of a page. */
interface PageEnds {
  readonly head: string;
  readonly tail: string;
  readonly bytes: number;
}

/** Calls the function. Not with `fetch`, which takes longer for a page of 5 MB than the network. */
async function post(url: string, key: string, body: string, agent: Agent): Promise<PageEnds> {
  const headers = { "content-type": "application/json", "x-functions-key": key };
  const call = request(url, { method: "POST", headers, agent });
  call.end(body);
  const [answer] = (await once(call, "response")) as [IncomingMessage];
  let head: Buffer = Buffer.alloc(0);
  let tail: Buffer = Buffer.alloc(0);
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (head.length < ENDS) head = Buffer.concat([head, chunk]).subarray(0, ENDS);
    tail = chunk.length >= ENDS ? chunk.subarray(-ENDS) : Buffer.concat([tail, chunk]).subarray(-ENDS);
    bytes += chunk.length;
  }
  return { head: head.toString(), tail: tail.toString("latin1"), bytes };
}

/** The state comes before the rows, `hasMore` after them. @throws Error with the answer if it is not a page. */
function envelopeOf({ head, tail }: PageEnds): Envelope {
  const rows = head.indexOf(`,"insert":`);
  const more = /"hasMore":(true|false)/.exec(tail);
  if (rows < 0 || more === null) throw new Error(head);
  const { state } = JSON.parse(`${head.slice(0, rows)}}`) as { state: unknown };
  return { state, hasMore: more[1] === "true" };
}

if (require.main === module) {
  readFeed(JSON.parse(process.argv[2] ?? "{}")).then(
    (result) => process.stdout.write(JSON.stringify(result)),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
