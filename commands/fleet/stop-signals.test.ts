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

  it("is answered each time that it changes something", () => {
    const printed: string[] = [];
    const end = stopAtSignals(new StopRequest(), (line) => printed.push(line));
    for (const time of [1000, 1400, 1501, 9000]) {
      performance.now = () => time;
      process.emit("SIGHUP", "SIGHUP");
    }
    end();
    assert.deepEqual(printed, [
      "Stopping: Pulumi finishes its current work, and nothing more is started. Press Ctrl-C again to stop at once.",
      "Stopping at once.",
    ]);
  });

  it("counts as the first one's echo for half a second", () => {
    assert.deepEqual(
      asked({}, [
        ["SIGHUP", 1000],
        ["SIGINT", 1500],
      ]),
      ["soon"],
    );
    assert.deepEqual(
      asked({}, [
        ["SIGINT", 1000],
        ["SIGINT", 1501],
      ]),
      ["soon", "now"],
    );
  });

  it("has its usual effect again after the run", () => {
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    const numbers = () => signals.map((name) => process.listenerCount(name));
    const before = numbers();
    const end = stopAtSignals(new StopRequest(), () => {});
    assert.deepEqual(
      numbers(),
      before.map((number) => number + 1),
    );
    end();
    assert.deepEqual(numbers(), before);
  });
});
