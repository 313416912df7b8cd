import assert from "node:assert/strict";
import { shapeOf, typesWithShape } from "../../../azure-resource-types";
import { BodyFault } from "./body-fault";
import { checkShape } from "./check-shape";
import { faultsOf } from "./testing/faults";
import { randomOf } from "./testing/random";
import { validBody } from "./testing/valid-body";

/** `FUZZ_SEED=<number>` repeats a run. */
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const BODIES = 20;

describe(`each published shape (FUZZ_SEED=${seed})`, () => {
  for (const type of typesWithShape())
    it(`of ${type} takes what is made from it, and refuses each fault`, () => {
      const random = randomOf(seed);
      const body = shapeOf(type)?.body;
      assert.ok(body);
      // The variants of these differ by their name, which is part of the path.
      const name = body.variants?.key === "name" ? { name: Object.keys(body.variants.of)[0] } : {};
      for (let count = 0; count < BODIES; count++) {
        const made = validBody(body, name, [], random);
        checkShape(body, made);
        for (const fault of faultsOf(body, made))
          assert.throws(() => checkShape(body, fault.body), BodyFault, `${fault.kind} ${fault.path}`);
      }
    });
});
