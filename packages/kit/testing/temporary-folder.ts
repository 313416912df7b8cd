import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder for each test, removed after it. Call inside `describe`. */
export function temporaryFolder(): () => string {
  let folder: string | undefined;
  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    folder = undefined;
  });
  return () => {
    folder ??= mkdtempSync(join(tmpdir(), "test-"));
    return folder;
  };
}
