import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readMigrationFiles } from "../migration-files";
import {
  checksumsFile,
  checksumsOf,
  goldenFile,
  goldenFolder,
  type Sizes,
  sizesFile,
  sizesOf,
} from "./golden-files";
import { Recorder } from "./recorder";
import { measuredTypes, measuredWidths, playWide, scenarios } from "./scenarios";

/** `npm run golden:tsql`: records the statements that the procedures generate on the server of SQLSERVER_URL, into database/generated/. */
async function main(): Promise<number> {
  const url = process.env.SQLSERVER_URL;
  if (url === undefined || url === "") {
    process.stderr.write("Set SQLSERVER_URL to mssql://user:password@host:port and run again.\n");
    return 2;
  }
  const sizes: Sizes = {};
  await withRecorder(url, async (recorder) => {
    for (const type of measuredTypes) {
      const measured = [];
      for (const width of measuredWidths) {
        await playWide(recorder, type, width);
        measured.push(sizesOf(recorder.take()));
      }
      sizes[type] = measured;
      process.stdout.write(`${type}: ${measuredWidths.join(" and ")} columns measured\n`);
    }
  });
  const files = new Map<string, string>();
  await withRecorder(url, async (recorder) => {
    for (const scenario of scenarios) {
      await scenario.play(recorder);
      const calls = recorder.take();
      const count = calls.reduce((sum, { statements }) => sum + statements.length, 0);
      files.set(`${scenario.name}.sql`, goldenFile(scenario, calls));
      process.stdout.write(`${scenario.name}: ${count} statements\n`);
    }
  });
  rmSync(goldenFolder, { recursive: true, force: true });
  mkdirSync(goldenFolder);
  for (const [name, text] of files) writeFileSync(path.join(goldenFolder, name), text);
  writeFileSync(checksumsFile, json(checksumsOf(readMigrationFiles())));
  writeFileSync(sizesFile, json(sizes));
  return 0;
}

async function withRecorder(url: string, work: (recorder: Recorder) => Promise<void>): Promise<void> {
  const recorder = await Recorder.open(url);
  try {
    await work(recorder);
  } finally {
    await recorder.close();
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n${String((error as Error).cause ?? "")}\n`);
    process.exit(1);
  },
);
