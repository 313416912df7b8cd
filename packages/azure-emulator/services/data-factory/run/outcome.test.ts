import assert from "node:assert/strict";
import {
  type Activity,
  createTestRunner,
  failing,
  set,
  type TestRunner,
  variables,
} from "../testing/test-runner";

/** The cases are from "Errors and conditional execution" on Microsoft Learn. */
describe("the outcome of a run", () => {
  let test: TestRunner;
  beforeEach(() => {
    test = createTestRunner();
  });
  afterEach(() => test.close());

  const cases: [string, Activity[], "Succeeded" | "Failed"][] = [
    ["all activities succeed", [set("a", "1"), set("b", "2", "a Succeeded")], "Succeeded"],
    ["an unhandled failure", [failing("a", "no"), set("b", "2", "a Succeeded")], "Failed"],
    ["try-catch: only a failure path", [failing("a", "no"), set("catch", "2", "a Failed")], "Succeeded"],
    [
      "do-if-else: failure and success paths",
      [failing("a", "no"), set("else", "1", "a Failed"), set("then", "2", "a Succeeded")],
      "Failed",
    ],
    [
      "do-if-skip-else: a skipped path after the success path",
      [
        failing("a", "no"),
        set("else", "1", "a Failed"),
        set("then", "2", "a Succeeded"),
        set("skipped", "3", "then Skipped"),
      ],
      "Succeeded",
    ],
    ["a leaf that was skipped after success", [set("a", "1"), set("catch", "2", "a Failed")], "Succeeded"],
    [
      "a clean-up followed by a Fail activity",
      [failing("a", "no"), set("clean", "1", "a Failed"), failing("end", "cause", "clean Completed")],
      "Failed",
    ],
    [
      "Completed is not Skipped",
      [failing("a", "no"), set("b", "1", "a Succeeded"), set("c", "2", "b Completed")],
      "Failed",
    ],
    [
      "conditions on one activity are alternatives",
      [failing("a", "no"), set("b", "1", "a Succeeded"), set("c", "2", "b Failed Skipped")],
      "Succeeded",
    ],
    [
      "several dependencies must all be met",
      [set("a", "1"), failing("b", "no"), set("c", "2", "a Succeeded", "b Succeeded")],
      "Failed",
    ],
  ];
  for (const [name, activities, status] of cases) {
    it(`${status}: ${name}`, async () => {
      const { run } = await test.run(activities, variables);
      assert.equal(run.status, status);
    });
  }

  it("reports the failed activity and its message", async () => {
    const { run } = await test.run([failing("a", "the cause")]);
    assert.equal(run.message, "Operation on target a failed: the cause");
  });

  it("records no activity runs for skipped activities", async () => {
    const { activities } = await test.run([set("a", "1"), set("b", "2", "a Failed")], variables);
    assert.deepEqual(Object.keys(activities), ["a"]);
  });

  it("counts an inactive activity with the status of onInactiveMarkAs", async () => {
    const off = { ...failing("a", "no"), state: "Inactive", onInactiveMarkAs: "Succeeded" };
    assert.equal((await test.run([off, set("b", "1", "a Succeeded")], variables)).run.status, "Succeeded");
    assert.equal((await test.run([{ ...off, onInactiveMarkAs: "Failed" }])).run.status, "Failed");
  });
});
