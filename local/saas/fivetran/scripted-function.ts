import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer of the scripted function: a body (objects become JSON), or a whole HTTP answer. */
export type ScriptedAnswer =
  | {
      readonly body: unknown;
      readonly status?: number;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Cuts the connection; in the middle of the body if `beginning` is given. */
  | { readonly cut: true; readonly beginning?: string };

/** A request that the function received. */
export interface ScriptedCall {
  readonly method: string | undefined;
  readonly key: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A function for tests that gives scripted answers in order and repeats the last one. */
export class ScriptedFunction {
  readonly calls: ScriptedCall[] = [];
  answers: ScriptedAnswer[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      request.on("end", () => {
        const key = request.headers["x-functions-key"]?.toString();
        this.calls.push({ method: request.method, key, body: JSON.parse(text) as Record<string, unknown> });
        const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
        if (answer === undefined || ("cut" in answer && answer.beginning === undefined)) {
          return void response.destroy();
        }
        if ("cut" in answer) {
          response.writeHead(200, { "content-type": "application/json", "content-length": "1000000" });
          return void response.write(answer.beginning, () => response.destroy());
        }
        const { body, status = 200, contentType = "application/json", headers = {} } = answer;
        response.writeHead(status, { "content-type": contentType, ...headers });
        response.end(typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
      });
    });
  }

  static async start(): Promise<ScriptedFunction> {
    const scripted = new ScriptedFunction();
    await new Promise<void>((resolve) => scripted.#server.listen(0, "127.0.0.1", resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/fivetran`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
