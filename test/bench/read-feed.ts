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

/** This many bytes at the end of a page contain everything after its rows. */
const TAIL = 4096;

/**
 * Reads pages until there are no more, without a destination. Of each page only the parts that the next call needs are parsed:
 * Fivetran's own processing happens in its own time on its own machine.
 */
async function readFeed({ url, key, state, rows }: FeedRequest): Promise<FeedRead> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const headers = { "content-type": "application/json", "x-functions-key": key };
  const customPayload = rows === undefined ? {} : { pageRows: rows };
  let [bytes, pages, current] = [0, 0, state];
  for (let more = true; more; ) {
    const body = JSON.stringify({ agent: "bench", state: current, sync_id: "bench", customPayload });
    const page = Buffer.from(await (await fetch(url, { method: "POST", headers, body })).arrayBuffer());
    ({ state: current, hasMore: more } = envelopeOf(page));
    more &&= rows === undefined;
    bytes += page.length;
    pages += 1;
  }
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cpuSeconds: (user + system) / 1e6, bytes, pages, state: current };
}

/** The state comes before the rows, `hasMore` after them. @throws Error with the answer if it is not a page. */
function envelopeOf(page: Buffer): Envelope {
  const rows = page.indexOf(`,"insert":`);
  const more = /"hasMore":(true|false)/.exec(page.toString("latin1", Math.max(page.length - TAIL, 0)));
  if (rows < 0 || more === null) throw new Error(page.toString("utf8", 0, TAIL));
  const { state } = JSON.parse(`${page.toString("utf8", 0, rows)}}`) as { state: unknown };
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
