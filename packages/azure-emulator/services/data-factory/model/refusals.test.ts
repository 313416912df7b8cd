import assert from "node:assert/strict";
import { activityKinds } from "../activities";
import { parseDataset } from "./dataset";
import { DefinitionError } from "./definition-error";
import { parseLinkedService } from "./linked-service";
import { parsePipeline } from "./pipeline";
import { checkPipeline } from "./static-checks";
import { parseTrigger } from "./trigger";

const wait = { name: "a", type: "Wait", typeProperties: { waitTimeInSeconds: 1 } };
const linkedServiceName = { referenceName: "l", type: "LinkedServiceReference" };

function pipeline(...activities: unknown[]): void {
  const variables = { v: { type: "String" } };
  checkPipeline(parsePipeline("p", { activities, variables }, activityKinds));
}

const containers: Readonly<Record<string, (...inner: unknown[]) => unknown>> = {
  ForEach: (...activities) => ({ items: "@createArray(1)", activities }),
  Until: (...activities) => ({ expression: "@true", activities }),
  IfCondition: (...ifTrueActivities) => ({ expression: "@true", ifTrueActivities }),
  Switch: (...activities) => ({ on: "a", cases: [{ value: "a", activities }] }),
};

/** An activity of type `outer` with one of type `inner` in it. */
function nested(outer: string, inner: string): unknown {
  const content = { name: "inner", type: inner, typeProperties: containers[inner]?.(wait) };
  return { name: "outer", type: outer, typeProperties: containers[outer]?.(content) };
}

const switchOf = (cases: number) => ({
  name: "s",
  type: "Switch",
  typeProperties: {
    on: "a",
    cases: Array.from({ length: cases }, (_, index) => ({ value: `${index}`, activities: [] })),
  },
});

/** Parses a daily trigger with this recurrence. */
function daily(recurrence: object) {
  const whole = { frequency: "Day", interval: 1, ...recurrence };
  return parseTrigger("t", { type: "ScheduleTrigger", pipelines: [], typeProperties: { recurrence: whole } });
}

describe("the check of definitions", () => {
  const cases: [string, () => void, RegExp][] = [
    [
      "an unknown activity type",
      () => pipeline({ ...wait, type: "HDInsightHive" }),
      /type 'HDInsightHive', which the emulator does not run/,
    ],
    [
      "an unknown key",
      () => pipeline({ ...wait, typeProperties: { waitTimeInSeconds: 1, colour: 1 } }),
      /activity 'a' \(Wait\): Unrecognized key: "colour"/,
    ],
    [
      "an unsupported key next to typeProperties",
      () => pipeline({ ...wait, linkedServiceName }),
      /linkedServiceName/,
    ],
    ["two activities with the same name", () => pipeline(wait, wait), /two activities named 'a'/],
    [
      "a dependency on a missing activity",
      () => pipeline({ ...wait, dependsOn: [{ activity: "b", dependencyConditions: ["Succeeded"] }] }),
      /depends on 'b', which is not in the same list of activities/,
    ],
    [
      "a cycle of dependencies",
      () => pipeline({ ...wait, dependsOn: [{ activity: "a", dependencyConditions: ["Succeeded"] }] }),
      /a → a form a cycle/,
    ],
    [
      "an unknown dependency condition",
      () => pipeline({ ...wait, dependsOn: [{ activity: "a", dependencyConditions: ["Finished"] }] }),
      /dependsOn\.0\.dependencyConditions\.0/,
    ],
    [
      "an expression that does not parse",
      () => pipeline({ ...wait, typeProperties: { waitTimeInSeconds: "@add(1" } }),
      /activity 'a', expression '@add\(1'.*end of the expression/,
    ],
    [
      "a function that Data Factory does not have",
      () => pipeline({ ...wait, typeProperties: { waitTimeInSeconds: "@triggerBody().n" } }),
      /no function 'triggerBody'/,
    ],
    [
      "an activity that the pipeline does not have",
      () => pipeline({ ...wait, typeProperties: { waitTimeInSeconds: "@activity('b').output.n" } }),
      /'b' cannot be referenced, because it does not exist or is not an ancestor/,
    ],
    [
      "a variable that the pipeline does not have",
      () => pipeline({ ...wait, typeProperties: { waitTimeInSeconds: "@variables('b')" } }),
      /no variable 'b'/,
    ],
    [
      "a parameter that the pipeline does not have",
      () => pipeline({ ...wait, typeProperties: { waitTimeInSeconds: "@pipeline().parameters.n" } }),
      /no parameter 'n'/,
    ],
    [
      "a SetVariable that reads its own variable",
      () =>
        pipeline({
          name: "s",
          type: "SetVariable",
          typeProperties: { variableName: "V", value: "@concat(variables('v'), 'x')" },
        }),
      /self referencing variable 'v'/,
    ],
    [
      "Completed beside Failed",
      () =>
        pipeline(
          wait,
          { ...wait, name: "b", dependsOn: [{ activity: "a", dependencyConditions: ["Completed"] }] },
          { ...wait, name: "c", dependsOn: [{ activity: "a", dependencyConditions: ["Skipped", "Failed"] }] },
        ),
      /dependency on 'a' with the condition Completed cannot coexist/,
    ],
    ["a Switch without a case", () => pipeline(switchOf(0)), /typeProperties|cases/],
    ["a Switch of 26 cases", () => pipeline(switchOf(26)), /cases/],
    [
      "an activity of a ForEach that is read after it",
      () =>
        pipeline(
          { name: "f", type: "ForEach", typeProperties: containers.ForEach?.(wait) },
          {
            ...wait,
            name: "b",
            typeProperties: { waitTimeInSeconds: "@activity('a').output.n" },
            dependsOn: [{ activity: "f", dependencyConditions: ["Succeeded"] }],
          },
        ),
      /'a' cannot be referenced/,
    ],
    [
      "an invalid activity inside a branch",
      () =>
        pipeline({
          name: "i",
          type: "IfCondition",
          typeProperties: { expression: "@true", ifTrueActivities: [{ ...wait, type: "X" }] },
        }),
      /activity 'i' .* type 'X'/,
    ],
    [
      "a retry interval below Azure's 30 s",
      () => pipeline({ ...wait, policy: { retryIntervalInSeconds: 1 } }),
      /policy\.retryIntervalInSeconds/,
    ],
    [
      "an unsupported type of linked service",
      () => parseLinkedService("l", { type: "AzureBlobStorage", typeProperties: {} }),
      /'AzureBlobStorage', which the emulator does not run/,
    ],
    [
      "a linked service with a password",
      () =>
        parseLinkedService("l", {
          type: "AzureSqlDatabase",
          typeProperties: { server: "s", database: "d", authenticationType: "SQL", userName: "u" },
        }),
      /authenticationType.*|"userName"/,
    ],
    [
      "a dataset that does not escape quotes by doubling them",
      () =>
        parseDataset("d", {
          type: "DelimitedText",
          linkedServiceName,
          typeProperties: {
            location: { type: "HttpServerLocation", relativeUrl: "" },
            columnDelimiter: ",",
            quoteChar: '"',
            escapeChar: "\\",
            firstRowAsHeader: true,
          },
        }),
      /escapeChar must be '"'/,
    ],
    [
      "an unsupported type of trigger",
      () => parseTrigger("t", { type: "TumblingWindowTrigger" }),
      /ScheduleTrigger only/,
    ],
    [
      "a time without Z in UTC",
      () => daily({ startTime: "2026-01-01T02:00:00", timeZone: "UTC" }),
      /startTime '2026-01-01T02:00:00' has no time zone; in UTC it must end with Z/,
    ],
    [
      "an unknown time zone",
      () => daily({ startTime: "2026-01-01T02:00:00Z", timeZone: "Mars Standard Time" }),
      /'Mars Standard Time' is not valid/,
    ],
    [
      "a type that it does not run before anything about its shape",
      () => parseLinkedService("l", { type: "SqlServer", connectVia: {}, colour: 1 }),
      /'SqlServer', which the emulator does not run/,
    ],
    [
      "a weekly trigger",
      () =>
        parseTrigger("t", {
          type: "ScheduleTrigger",
          pipelines: [],
          typeProperties: {
            recurrence: { frequency: "Week", interval: 1, startTime: "2026-01-01T00:00:00Z" },
          },
        }),
      /Minute, Hour and Day/,
    ],
  ];
  const allowed = new Set(["ForEach IfCondition", "ForEach Switch", "Until IfCondition", "Until Switch"]);
  for (const outer of Object.keys(containers)) {
    for (const inner of Object.keys(containers)) {
      if (allowed.has(`${outer} ${inner}`))
        it(`takes ${inner} in ${outer}`, () => pipeline(nested(outer, inner)));
      else
        cases.push([
          `${inner} in ${outer}`,
          () => pipeline(nested(outer, inner)),
          /'inner' .* cannot be inside 'outer'/,
        ]);
    }
  }
  it("takes Succeeded or Failed beside Failed, and Completed beside Skipped", () => {
    const branch = (name: string, ...dependencyConditions: string[]) => ({
      ...wait,
      name,
      dependsOn: [{ activity: "a", dependencyConditions }],
    });
    pipeline(wait, branch("b", "Succeeded", "Failed"), branch("c", "Failed"));
    pipeline(wait, branch("b", "Completed"), branch("c", "Skipped"));
  });
  it("reads a time without an offset as the wall clock of the trigger's zone", () => {
    const timeZone = "Singapore Standard Time";
    const { recurrence } = daily({
      startTime: "2024-08-12T12:02:00",
      endTime: "2024-08-13T00:00:00Z",
      timeZone,
    });
    assert.deepEqual(
      [recurrence.startTime, recurrence.endTime].map((time) => time?.toISOString()),
      ["2024-08-12T04:02:00.000Z", "2024-08-13T00:00:00.000Z"],
    );
  });
  it("takes a Switch of 25 cases", () => pipeline(switchOf(25)));
  for (const [name, define, message] of cases) {
    it(`refuses ${name}`, () => {
      assert.throws(
        define,
        (error: unknown) => error instanceof DefinitionError && message.test(error.message),
      );
    });
  }
});
