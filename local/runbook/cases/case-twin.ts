import { runTwin } from "../runbook-twin";
import { type CaseEnd, casePace, caseParameters, caseSandbox, type RunbookCase } from "./runbook-cases";
import { type FakeFactory, startFakeFactory } from "./test-factory";

/** Runs the twin on a case. @returns how it ended, and what it requested of the factory */
export async function playTwin(given: RunbookCase): Promise<{ ended: CaseEnd; factory: FakeFactory }> {
  const factory = await startFakeFactory(given.factory);
  const output: string[] = [];
  const pace = casePace(factory.url);
  let exception: string | null = null;
  try {
    await runTwin(
      {
        runbookName: "Start-QuantemplateLoad",
        content: "",
        parameters: caseParameters(given),
        sandbox: caseSandbox(given, factory.url),
        write: (_type, text) => output.push(text),
        signal: new AbortController().signal,
      },
      pace,
    );
  } catch (error) {
    exception = (error as Error).message;
  } finally {
    await factory.close();
  }
  return { ended: { output, exception, pauses: pace.pauses }, factory };
}
