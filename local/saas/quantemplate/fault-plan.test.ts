import assert from "node:assert/strict";
import { createFaultPlan, faultSchema } from "./fault-plan";

const fault = (given: object) => faultSchema.parse(given);

describe("fault plan", () => {
  it("uses faults in order, each as many times as asked", () => {
    const plan = createFaultPlan();
    plan.add("org", fault({ status: 500, times: 2 }));
    plan.add("org", fault({ status: 404 }));
    const statuses = [1, 2, 3, 4].map(() => plan.take("org", "dataset", "d")?.status);
    assert.deepEqual(statuses, [500, 500, 404, undefined]);
  });

  it("separates targets, datasets and organisations", () => {
    const plan = createFaultPlan();
    plan.add("org", fault({ target: "token", status: 500 }));
    plan.add("org", fault({ dataset: "d-1", status: 404 }));
    assert.equal(plan.take("other", "dataset", "d-1"), undefined);
    assert.equal(plan.take("org", "dataset", "d-2"), undefined);
    assert.equal(plan.take("org", "dataset", "d-1")?.status, 404);
    assert.equal(plan.take("org", "token")?.status, 500);
    assert.deepEqual(plan.list("org"), []);
  });

  it("breaks a dataset's next answer by default", () => {
    assert.deepEqual(fault({ malformed: true }), { target: "dataset", times: 1, malformed: "quote" });
  });

  it("refuses unknown fields and values", () => {
    for (const given of [
      { statuses: 500 },
      { status: 99 },
      { times: 0 },
      { malformed: "xml" },
      { target: "event" },
    ]) {
      assert.equal(faultSchema.safeParse(given).success, false, JSON.stringify(given));
    }
  });
});
