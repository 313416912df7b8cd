import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import Mocha from "mocha";

/** What a run of suites reports to the command that started it. */
export interface SuiteReport {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
  /** Milliseconds that the tests and hooks of each file took, by its path from the root of the project. */
  readonly files: Readonly<Record<string, number>>;
}

/** Mocha's spec reporter, which also writes its counts and times to a file, so that several suites can end with one summary. */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const files: Record<string, number> = {};
    const add = ({ file, duration = 0 }: Mocha.Runnable) => {
      if (file === undefined) return;
      const path = relative(process.cwd(), file).replaceAll("\\", "/");
      files[path] = (files[path] ?? 0) + duration;
    };
    runner.on("test end", add);
    runner.on("hook end", add);
    // A failing hook emits no end event.
    runner.on("fail", (failed: Mocha.Test | Mocha.Hook) => {
      if (failed.type === "hook") add(failed);
    });
    runner.once("end", () => {
      const report = process.env.QT_TEST_REPORT;
      if (report !== undefined) {
        const { passes = 0, failures = 0, pending = 0 } = this.stats;
        writeFileSync(report, JSON.stringify({ passes, failures, pending, files } satisfies SuiteReport));
      }
    });
  }
}

module.exports = CountingReporter;
