import assert from "node:assert/strict";
import { activity, createTestRunner, failing, set, type TestRunner, variables } from "../testing/test-runner";

const list = { variables: { list: { type: "Array" }, v: { type: "String" } } };
const append = (name: string, value: unknown, ...dependsOn: string[]) =>
  activity(name, "AppendVariable", { variableName: "list", value }, ...dependsOn);
const show = (...dependsOn: string[]) => set("show", "@join(variables('list'), ',')", ...dependsOn);

describe("control-flow activities", () => {
  let test: TestRunner;
  beforeEach(() => {
    test = createTestRunner();
  });
  afterEach(() => test.close());

  async function shown(activities: Parameters<TestRunner["run"]>[0]): Promise<unknown> {
    const outcome = await test.run(activities, list);
    assert.equal(outcome.run.message, "");
    return outcome.activities.show?.output;
  }

  it("IfCondition runs one branch", async () => {
    const branches = { ifTrueActivities: [append("yes", "yes")], ifFalseActivities: [append("no", "no")] };
    const expression = { value: "@greater(1, 2)", type: "Expression" };
    const output = await shown([
      activity("if", "IfCondition", { expression, ...branches }),
      show("if Succeeded"),
    ]);
    assert.deepEqual(output, { name: "v", value: "no" });
  });

  it("IfCondition refuses a condition that is not a boolean", async () => {
    const { run } = await test.run([activity("if", "IfCondition", { expression: "@string('true')" })]);
    assert.match(run.message, /must be a boolean.*'string'/);
  });

  it("Switch runs the matching case, else the default", async () => {
    const cases = [
      { value: "a", activities: [append("case a", "A")] },
      { value: "b", activities: [append("case b", "B")] },
    ];
    const typeProperties = (on: string) => ({ on, cases, defaultActivities: [append("other", "?")] });
    const one = await shown([activity("s", "Switch", typeProperties("@concat('b')")), show("s Succeeded")]);
    assert.deepEqual(one, { name: "v", value: "B" });
    const other = await shown([activity("s", "Switch", typeProperties("B")), show("s Succeeded")]);
    assert.deepEqual(other, { name: "v", value: "?" });
  });

  it("ForEach gives each item separate activity results", async () => {
    const inner = [
      activity("make", "Filter", { items: "@createArray(item())", condition: "@true" }),
      append("keep", "@activity('make').output.Value[0]", "make Succeeded"),
    ];
    const loop = activity("loop", "ForEach", {
      items: "@createArray('a','b','c')",
      isSequential: true,
      activities: inner,
    });
    assert.deepEqual(await shown([loop, show("loop Succeeded")]), { name: "v", value: "a,b,c" });
  });

  it("ForEach runs the other items after one fails, then fails", async () => {
    const inner = [
      activity("check", "IfCondition", {
        expression: "@equals(item(), 2)",
        ifTrueActivities: [failing("stop", "two")],
      }),
      append("keep", "@string(item())", "check Succeeded"),
    ];
    const loop = activity("loop", "ForEach", { items: "@range(1, 4)", batchCount: 2, activities: inner });
    const { run, activities } = await test.run(
      [loop, show("loop Succeeded Failed"), failing("end", "cause", "loop Failed")],
      list,
    );
    assert.equal(run.status, "Failed");
    assert.deepEqual(shownItems(activities.show?.output), ["1", "3", "4"]);
    assert.match(
      activities.loop?.error.message ?? "",
      /inner activity name: stop, Error: two|Inner activity name: check/,
    );
  });

  it("ForEach runs at most batchCount items at a time", async () => {
    let running = 0;
    let most = 0;
    test.sql.session.execute = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return { recordsets: [], rowsAffected: [] };
    };
    test.deploy("linkedservices", "sql", {
      type: "AzureSqlDatabase",
      typeProperties: { server: "h", database: "d", authenticationType: "SystemAssignedManagedIdentity" },
    });
    const call = {
      ...activity("call", "SqlServerStoredProcedure", { storedProcedureName: "p" }),
      linkedServiceName: { referenceName: "sql", type: "LinkedServiceReference" },
    };
    await test.run([
      activity("loop", "ForEach", { items: "@range(1, 9)", batchCount: 3, activities: [call] }),
    ]);
    assert.equal(most, 3);
  });

  it("Until runs until its condition is true", async () => {
    const loop = activity("loop", "Until", {
      expression: "@equals(length(variables('list')), 3)",
      activities: [append("add", "x")],
    });
    assert.deepEqual(await shown([loop, show("loop Succeeded")]), { name: "v", value: "x,x,x" });
  });

  it("Until evaluates its condition with the results of the last iteration", async () => {
    const loop = activity("loop", "Until", {
      expression: "@equals(activity('take').output.FilteredItemsCount, 1)",
      activities: [activity("take", "Filter", { items: "@createArray(1)", condition: "@true" })],
    });
    assert.equal((await test.run([loop])).run.status, "Succeeded");
  });

  it("Until goes on after a failed pass, until its condition is true", async () => {
    const body = [append("add", "x"), failing("stop", "no", "add Succeeded")];
    const twice = "@equals(length(variables('list')), 3)";
    const loop = activity("loop", "Until", { expression: twice, activities: body });
    const { run, activities } = await test.run(
      [loop, show("loop Succeeded Failed"), failing("end", "cause", "loop Failed")],
      list,
    );
    assert.deepEqual(activities.show?.output, { name: "v", value: "x,x,x" });
    // The last pass failed too.
    assert.match(run.message, /end failed: cause/);
  });

  it("Until succeeds if its last pass does", async () => {
    const body = [
      append("add", "x"),
      activity(
        "check",
        "IfCondition",
        {
          expression: "@less(length(variables('list')), 2)",
          ifTrueActivities: [failing("stop", "first")],
        },
        "add Succeeded",
      ),
    ];
    const loop = activity("loop", "Until", {
      expression: "@equals(activity('check').status, 'Succeeded')",
      activities: body,
    });
    assert.deepEqual(await shown([loop, show("loop Succeeded")]), { name: "v", value: "x,x" });
  });

  it("Until ends at its timeout if every pass fails", async () => {
    const loop = activity("loop", "Until", {
      expression: "@equals(1, 2)",
      timeout: "0.00:00:00",
      activities: [failing("stop", "no")],
    });
    assert.match((await test.run([loop])).run.message, /did not end within 0\.00:00:00/);
  });

  it("shows the results of what ran in an Until or an If to what runs after it", async () => {
    const make = activity("make", "Filter", { items: "@createArray('last')", condition: "@true" });
    const loop = activity("loop", "Until", { expression: "@true", activities: [make] });
    const branch = activity("if", "IfCondition", { expression: "@true", ifTrueActivities: [make] });
    for (const container of [loop, branch]) {
      const read = set("show", "@activity('make').output.Value[0]", `${container.name} Succeeded`);
      assert.deepEqual(await shown([container, read]), { name: "v", value: "last" });
    }
  });

  it("keeps the results of a ForEach's items to themselves", async () => {
    const make = activity("make", "Filter", { items: "@createArray(item())", condition: "@true" });
    const loop = activity("loop", "ForEach", { items: "@createArray('a')", activities: [make] });
    const read = set("show", "@string(activity('make').output)", "loop Succeeded");
    assert.match((await test.run([loop, read], list)).run.message, /'make'/);
  });

  it("Filter keeps the items that meet the condition", async () => {
    const { activities } = await test.run([
      activity("f", "Filter", {
        items: { value: "@range(1, 5)", type: "Expression" },
        condition: "@greater(item(), 3)",
      }),
    ]);
    assert.deepEqual(activities.f?.output, { ItemsCount: 5, FilteredItemsCount: 2, Value: [4, 5] });
  });

  it("Wait shows the factor by which it was shortened", async () => {
    const { activities } = await test.run([activity("w", "Wait", { waitTimeInSeconds: 3600 })]);
    assert.deepEqual(activities.w?.output, { intervalScale: 0 });
  });

  it("SetVariable refuses an undeclared variable and a value of another type", async () => {
    const other = activity("a", "SetVariable", { variableName: "w", value: "1" });
    assert.match((await test.run([other], variables)).run.message, /'w' is not declared/);
    assert.match((await test.run([set("a", "@add(1, 2)")], variables)).run.message, /type 'string'.*'int'/);
  });

  it("Fail refuses an empty message", async () => {
    const empty = activity("a", "Fail", { message: "", errorCode: "1" });
    assert.match((await test.run([empty])).run.message, /message of a Fail activity is empty/);
  });

  it("ExecutePipeline passes parameters, waits, and reports why the other pipeline failed", async () => {
    test.deploy("pipelines", "child", {
      parameters: { x: { type: "string" } },
      activities: [
        activity("a", "Fail", {
          message: "@concat('got ', pipeline().parameters.x, ' from ', pipeline().TriggeredByPipelineName)",
          errorCode: "1",
        }),
      ],
    });
    const call = (waitOnCompletion: boolean) =>
      activity("call", "ExecutePipeline", {
        pipeline: { referenceName: "child", type: "PipelineReference" },
        parameters: { x: "@toUpper('y')" },
        waitOnCompletion,
      });
    assert.match((await test.run([call(true)])).run.message, /got Y from p$/);
    assert.equal((await test.run([call(false)])).run.status, "Succeeded");
    await test.runner.stop();
  });
});

/** The items that `show` joined, sorted. */
function shownItems(output: unknown): string[] {
  assert.ok(typeof output === "object" && output !== null && "value" in output);
  return String(output.value).split(",").sort();
}
