import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

type Library = typeof import("@actions/workflow-parser", { with: { "resolution-mode": "import" }});

/** What GitHub's own parser says against a workflow. Its package imports JSON as only bundlers do. */
export function gitHubParser(): (file: string, text: string) => Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "qt-parser-"));
  const outfile = join(folder, "parser.cjs");
  try {
    buildSync({
      stdin: { contents: 'export * from "@actions/workflow-parser";', resolveDir: __dirname },
      outfile,
      ...{ bundle: true, format: "cjs", platform: "node", logLevel: "error" },
    });
    const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = require(outfile) as Library;
    return async (file, content) => {
      const { context, value } = parseWorkflow({ name: file, content }, new NoOperationTraceWriter());
      const { errors = [] } = value === undefined ? {} : await convertWorkflowTemplate(context, value);
      return [...context.errors.getErrors().map(String), ...errors.map(({ Message }) => Message)];
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
