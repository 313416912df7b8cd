import fs from "node:fs";
import path from "node:path";
import { sha256 } from "../../../../kit/sha256";

type Version = "draft" | "published";

/** The texts of runbooks: the draft, and the published text that runs. */
export interface RunbookContents {
  get(runbookId: string, version: Version): string | undefined;
  setDraft(runbookId: string, content: string): void;
  /** Publishes the draft. False if there is neither a draft nor published content. */
  publish(runbookId: string): boolean;
  remove(runbookId: string): void;
}

/** Stores the contents as files below the emulator's folder. */
export function createRunbookContents(folder: string): RunbookContents {
  const folderOf = (runbookId: string) =>
    path.join(folder, "runbooks", sha256(runbookId.toLowerCase()).slice(0, 16));
  const fileOf = (runbookId: string, version: Version) => path.join(folderOf(runbookId), `${version}.ps1`);
  const exists = (file: string) => fs.existsSync(file);
  return {
    get(runbookId, version) {
      const file = fileOf(runbookId, version);
      return exists(file) ? fs.readFileSync(file, "utf8") : undefined;
    },
    setDraft(runbookId, content) {
      fs.mkdirSync(folderOf(runbookId), { recursive: true });
      const file = fileOf(runbookId, "draft");
      fs.writeFileSync(`${file}.new`, content);
      fs.renameSync(`${file}.new`, file);
    },
    publish(runbookId) {
      const draft = fileOf(runbookId, "draft");
      if (exists(draft)) fs.renameSync(draft, fileOf(runbookId, "published"));
      return exists(fileOf(runbookId, "published"));
    },
    remove(runbookId) {
      fs.rmSync(folderOf(runbookId), { recursive: true, force: true });
    },
  };
}
