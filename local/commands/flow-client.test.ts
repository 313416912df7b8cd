import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { FlowStep } from "../../packages/azure-emulator/control-plane/flow-log";
import type { Environment } from "../environment";
import { endOf, followJob } from "./flow-client";

const step = (
  id: string,
  status: FlowStep["status"],
  second: number,
  more: Partial<FlowStep> = {},
): FlowStep => ({
  id,
  hop: id === "job" || id === "other" ? "automation" : "data-factory",
  name: id,
  status,
  at: `2026-01-31T10:00:0${second}.000Z`,
  ...more,
});
const started = [
  step("webhook-job", "succeeded", 0, { hop: "automation" }),
  step("job", "started", 1, { parent: "webhook-job" }),
  step("run", "started", 2, { parent: "job" }),
  step("Login", "started", 3, { parent: "run" }),
];
const jobEnds = step("job", "succeeded", 4, { parent: "webhook-job" });
const runEnds = step("run", "succeeded", 6, { parent: "job" });

describe("Following a job", () => {
  /** The steps that following the job returns. */
  async function follow(steps: readonly FlowStep[]): Promise<string[]> {
    const server = http.createServer((_request, response) => {
      // The stream stays open: a client that waits for more would wait forever.
      for (const one of steps) response.write(`data: ${JSON.stringify(one)}\n\n`);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      const steps = await followJob({ console: { url } } as Environment, "job", () => {});
      return steps.map(({ id, status }) => `${id} ${status}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it("follows the run that the job started to its end", async () => {
    const followed = await follow([
      ...started,
      jobEnds,
      step("Login", "succeeded", 5, { parent: "run" }),
      runEnds,
    ]);
    assert.deepEqual(followed.slice(-3), ["job succeeded", "Login succeeded", "run succeeded"]);
  });

  it("ends with a job that waits for its run", async () => {
    assert.equal((await follow([...started, runEnds, jobEnds])).at(-1), "job succeeded");
  });

  it("ends with a job that starts no run, and leaves out other jobs", async () => {
    const others = [step("other", "started", 1), step("other-run", "started", 1, { parent: "other" })];
    const followed = await follow([...others, ...started.slice(0, 2), jobEnds]);
    assert.deepEqual(followed, ["webhook-job succeeded", "job started", "job succeeded"]);
  });
});

describe("The end of a job", () => {
  it("is the end of its run, timed from the start of the job", () => {
    assert.deepEqual(endOf([...started, jobEnds, runEnds], "job"), {
      status: "succeeded",
      what: "run run",
      error: "",
      durationMs: 5000,
    });
  });

  it("is a failure only if the job or its run fails, not another step", () => {
    const failure = { status: "failed", error: "why" } as const;
    const [Login, run, job] = [
      { ...step("Login", "failed", 5, { parent: "run" }), error: "a try" },
      { ...runEnds, ...failure },
      { ...jobEnds, ...failure },
    ];
    assert.equal(endOf([...started, jobEnds, Login, runEnds], "job").status, "succeeded");
    for (const [what, steps] of [
      ["run run", [...started, jobEnds, Login, run]],
      ["job job", [...started.slice(0, 2), job]],
    ] as const) {
      const { durationMs, ...end } = endOf(steps, "job");
      assert.deepEqual(end, { ...failure, what });
    }
  });
});
