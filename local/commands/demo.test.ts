import assert from "node:assert/strict";
import { inheritedNames } from "../../packages/kit/testing/inherited-names";
import { temporaryFolder } from "../../packages/kit/testing/temporary-folder";
import { nextGeneration } from "./demo";

describe("The next generation of a dataset's sample", () => {
  const folder = temporaryFolder();

  it("counts from 0, for each dataset and whatever its id", async () => {
    for (const generation of [0, 1, 2]) {
      for (const dataset of ["d-1", ...inheritedNames]) {
        assert.equal(await nextGeneration(folder(), dataset), generation, dataset);
      }
    }
  });
});
