import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUNDLE_LIMIT_BYTES, buildFunctionBundle } from "../../functions/build";

/** Builds the function's bundle and fails if it exceeds its limit in bytes: a cold start reads all of it. */
async function main(limit = BUNDLE_LIMIT_BYTES): Promise<number> {
  const outdir = await mkdtemp(join(tmpdir(), "qt-bundle-"));
  try {
    const { bytes } = await buildFunctionBundle({ outdir });
    const line = `Function bundle: ${bytes.toLocaleString("en")} of ${limit.toLocaleString("en")} bytes`;
    process.stdout.write(`${line}\n`);
    if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, `${line}\n`);
    return bytes < limit ? 0 : 1;
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

//   node scripts/bootstrap.mjs scripts/ci/bundle-size.ts [limit]
const [given] = process.argv.slice(2);
main(given === undefined ? undefined : Number(given)).then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
