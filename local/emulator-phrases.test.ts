import assert from "node:assert/strict";
import { emulatorErrors } from "../packages/azure-emulator/errors/emulator-error";
import { defaultPhrases } from "../packages/azure-emulator/errors/host-phrases";
import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";
import { fill } from "../packages/kit/errors/fill";
import { projectPhrases } from "./emulator-phrases";

/** Names in braces in a text. */
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)[^}\s]*\}/g)].map(([, name = ""]) => name);

describe("This project's phrases in the emulator's errors", () => {
  it("use only details that the error has", () => {
    for (const phrases of [defaultPhrases, projectPhrases]) {
      for (const [code, entry] of Object.entries<ErrorCatalogue[string]>(emulatorErrors)) {
        const own = Object.values(entry).flatMap(placeholders);
        const filled = Object.values(entry).flatMap((text) => placeholders(fill(text, phrases)));
        assert.deepEqual(
          filled.filter((name) => !own.includes(name) || name in phrases),
          [],
          code,
        );
      }
    }
  });
});
