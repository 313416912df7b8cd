/** The options of a request; the subset of node-fetch's that is needed. */
export interface HttpRequestInit {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** How long the identity endpoint or Quantemplate may take. */
const TIMEOUT_MS = 20_000;

/**
 * One small HTTP exchange. node-fetch is loaded on the first one, so that it does not slow down a cold start.
 * @throws Error if no answer arrives.
 */
export async function exchange(url: string, init: HttpRequestInit = {}): Promise<HttpAnswer> {
  const { default: fetch } = await import("node-fetch");
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  return { status: response.status, text: await response.text() };
}
