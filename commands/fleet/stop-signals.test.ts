import assert from "node:assert/strict";
import { StopRequest } from "./run";
import { stopAtSignals } from "./stop-signals";

describe("A signal to the fleet", () => {
  const { CI, TF_BUILD } = process.env;
  const realNow = performance.now;
  afterEach(() => {
    performance.now = realNow;
    for (const [name, value] of Object.entries({ CI, TF_BUILD }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });

  /** The stop requests that these signals make, each at its time in milliseconds. */
  function asked(
    env: Readonly<Record<string, string>>,
    signals: readonly (readonly [NodeJS.Signals, number])[],
  ) {
    delete process.env.CI;
    delete process.env.TF_BUILD;
    Object.assign(process.env, env);
    const stop = new StopRequest();
    const how: string[] = [];
    stop.listen((one) => how.push(one));
    const end = stopAtSignals(stop, () => {});
    for (const [name, time] of signals) {
      performance.now = () => time;
      process.emit(name, name);
    }
    end();
    return how;
  }

  it("asks to stop soon; its echo changes nothing, and a second signal ends at once", () => {
    const first = ["SIGINT", 1000] as const;
    assert.deepEqual(asked({}, [first, ["SIGTERM", 1400]]), ["soon"]);
    assert.deepEqual(asked({}, [first, ["SIGTERM", 1600]]), ["soon", "now"]);
    assert.deepEqual(asked({}, [first, ["SIGINT", 1600], ["SIGINT", 9000]]), ["soon", "now"]);
  });

  for (const env of [{ CI: "true" }, { TF_BUILD: "True" }])
    it(`lets Pulumi finish in a cancelled pipeline, which sends SIGTERM seconds later (${Object.keys(env)})`, () => {
      assert.deepEqual(
        asked(env, [
          ["SIGINT", 1000],
          ["SIGTERM", 8500],
        ]),
        ["soon"],
      );
      assert.deepEqual(asked(env, [["SIGTERM", 1000]]), ["soon"]);
      assert.deepEqual(
        asked(env, [
          ["SIGINT", 1000],
          ["SIGINT", 8500],
        ]),
        ["soon", "now"],
      );
    });
});
