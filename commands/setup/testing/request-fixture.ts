import type { SentRequest } from "../door";

/** Requests as a readable page: by step, each once, with names in place of what differs from run to run. */
export class RequestFixture {
  readonly #sections: { readonly title: string; readonly requests: string[] }[] = [];

  step(title: string): void {
    this.#sections.push({ title, requests: [] });
  }

  note({ method, url, body }: SentRequest): void {
    const json = body === undefined ? "" : `\n${JSON.stringify(body, null, 2)}`;
    const text = `${method} ${decodeURIComponent(url)}${json}`;
    const { requests } = this.#sections.at(-1) ?? { requests: [] as string[] };
    if (!requests.includes(text)) requests.push(text);
  }

  /** @param names what to write in place of each text */
  text(names: ReadonlyMap<string, string>): string {
    const parts = this.#sections.map(({ title, requests }) => `## ${title}\n\n${requests.join("\n\n")}\n`);
    let text = parts.join("\n");
    for (const [from, to] of names) text = text.replaceAll(from, to);
    return text;
  }
}
