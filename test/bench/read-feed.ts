/** What a read of the whole feed cost. */
export interface FeedRead {
  readonly seconds: number;
  readonly bytes: number;
  readonly pages: number;
  readonly state: unknown;
}

interface Page {
  readonly state: unknown;
  readonly hasMore: boolean;
  readonly errorMessage?: string;
}

/** Reads pages until there are no more, without a destination. */
async function readFeed({
  url,
  key,
  state,
}: {
  url: string;
  key: string;
  state: unknown;
}): Promise<FeedRead> {
  const started = performance.now();
  const headers = { "content-type": "application/json", "x-functions-key": key };
  let [bytes, pages, current] = [0, 0, state];
  for (let more = true; more; ) {
    const body = JSON.stringify({ agent: "bench", state: current, sync_id: "bench" });
    const text = await (await fetch(url, { method: "POST", headers, body })).text();
    const page = JSON.parse(text) as Page;
    if (page.errorMessage !== undefined) throw new Error(page.errorMessage);
    current = page.state;
    more = page.hasMore;
    bytes += Buffer.byteLength(text);
    pages += 1;
  }
  return { seconds: (performance.now() - started) / 1000, bytes, pages, state: current };
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
