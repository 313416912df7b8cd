import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative, sep } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { zipSync } from "fflate";
import type { Recording } from "../test/support/earlier-state";

const help = `node scripts/bootstrap.mjs scripts/record-earlier-state.ts <checkout>

  Runs \`npm start -- --once\` of a clean checkout in a temporary folder, and packs the result into
  test/fixtures/earlier-state/. Takes a minute or two.
`;

const rows = 200;
const target = join(__dirname, "..", "test", "fixtures", "earlier-state");

function record(checkout: string): void {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: checkout, encoding: "utf8" }).trim();
  const commit = git("rev-parse", "HEAD");
  const changed = git("status", "--porcelain");
  if (changed !== "") throw new Error(`${checkout} is not what its commit says:\n${changed}`);
  const place = mkdtempSync(join(tmpdir(), "qt-record-"));
  const folder = join(place, ".local");
  try {
    const recordedAt = new Date().toISOString();
    const args = ["run", "--silent", "start", "--", "--once", "--rows", String(rows), "--json"];
    const env = { ...process.env, QT_LOCAL_FOLDER: folder };
    const output = execFileSync("npm", args, { cwd: checkout, encoding: "utf8", env });
    const { landed } = JSON.parse(output) as { landed: { load: { runId: string } }[] };
    const platform = `${process.platform}-${process.arch}`;
    const runs = landed.map(({ load }) => load.runId);
    const recording: Recording = { commit, recordedAt, platform, rows, runs };
    const packed = pack(folder);
    writeFileSync(join(target, "local.zip.br"), packed);
    writeFileSync(join(target, "recording.json"), `${JSON.stringify(recording, null, 2)}\n`);
    process.stdout.write(`${packed.length} bytes of ${commit}\n`);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/**
 * A ZIP without compression, inside Brotli. PostgreSQL's databases are copies of a template: files with the same name are neighbours,
 * so that all copies together take little more space than one.
 */
function pack(folder: string): Buffer {
  const wal = keptLog(folder);
  const entries = [...inside(folder)]
    .filter(({ isFolder, path }) => isFolder || !path.includes(`${sep}pg_wal${sep}`) || path === wal.file)
    .sort((a, b) => compare(basename(a.path), basename(b.path)) || compare(a.path, b.path));
  const files = entries.map(({ isFolder, path }): [string, Uint8Array] => {
    const name = relative(folder, path).replaceAll(sep, "/");
    if (isFolder) return [`${name}/`, new Uint8Array()];
    return [name, path === wal.file ? wal.content : readFileSync(path)];
  });
  const zip = zipSync(Object.fromEntries(files), { level: 0 });
  return brotliCompressSync(zip, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
}

/** Links are skipped: `stacks/<stack>/node_modules` is recreated if it is missing. */
function* inside(folder: string): Generator<{ isFolder: boolean; path: string }> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const isFolder = entry.isDirectory();
    if (isFolder || entry.isFile()) yield { isFolder, path };
    if (isFolder) yield* inside(path);
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The part of PostgreSQL's log that a start after an orderly end reads: the segment's first page and the record of the last
 * checkpoint, a hundred bytes that may reach into the next page. The rest of the segment becomes zeros.
 * Layouts: src/include/catalog/pg_control.h and src/include/access/xlog_internal.h of PostgreSQL.
 */
function keptLog(folder: string): { file: string; content: Buffer } {
  const data = join(folder, "postgres", "data");
  const control = readFileSync(join(data, "global", "pg_control"));
  const shutDown = 1;
  if (control.readUInt32LE(16) !== shutDown) throw new Error("PostgreSQL was not shut down in order.");
  const checkpoint = Number(control.readBigUInt64LE(32));
  const [segment, page] = [16 * 1024 * 1024, 8192];
  const number = Math.floor(checkpoint / segment)
    .toString(16)
    .toUpperCase();
  const file = join(data, "pg_wal", `00000001${number.padStart(16, "0")}`);
  const content = readFileSync(file);
  const from = Math.floor((checkpoint % segment) / page) * page;
  content.fill(0, page, Math.max(page, from));
  content.fill(0, from + 2 * page);
  return { file, content };
}

const [checkout] = process.argv.slice(2);
if (checkout === undefined || checkout.startsWith("-")) {
  process.stdout.write(help);
  process.exit(checkout === undefined ? 2 : 0);
}
record(checkout);
