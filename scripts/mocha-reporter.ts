import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** Mocha's spec reporter that also leaves its counts in a file, so that several suites can close with one line. */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once("end", () => {
      const file = process.env.QT_TEST_COUNTS;
      if (file !== undefined) {
        const { passes = 0, failures = 0, pending = 0 } = this.stats;
        writeFileSync(file, JSON.stringify({ passes, failures, pending }));
      }
    });
  }
}

module.exports = CountingReporter;
