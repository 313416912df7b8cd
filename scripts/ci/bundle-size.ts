import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUNDLE_LIMIT_BYTES, buildFunctionBundle } from "../../functions/build";

/** Builds the function's bundle and fails where it outgrew its limit: a cold start reads all of it. */
async function main(): Promise<number> {
  const outdir = await mkdtemp(join(tmpdir(), "qt-bundle-"));
  try {
    const { bytes } = await buildFunctionBundle({ outdir });
    const line = `Function bundle: ${bytes.toLocaleString("en")} of ${BUNDLE_LIMIT_BYTES.toLocaleString("en")} bytes`;
    process.stdout.write(`${line}\n`);
    if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, `${line}\n`);
    return bytes < BUNDLE_LIMIT_BYTES ? 0 : 1;
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

void main().then((code) => process.exit(code));
