import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { zipSync } from "fflate";

/** The result of `buildFunctionBundle`. */
export interface FunctionBundle {
  /** The app's single JavaScript file. */
  readonly file: string;
  readonly bytes: number;
}

/** The package that is uploaded to the Function app. */
export interface FunctionPackage {
  /** host.json, package.json and dist/main.js; the same sources always give the same bytes. */
  readonly zip: Buffer;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** The limit for the bundle's size: loading it is most of a cold start. */
export const BUNDLE_LIMIT_BYTES = 800_000;

const ROOT = __dirname;
const SHIMS = join(ROOT, "bundle-shims");

/** Packages that are replaced in the bundle; each shim gives its reason. */
const shims: Readonly<Record<string, string>> = {
  "@azure/core-auth": "azure-core-auth.js",
  "@azure/identity": "azure-identity.js",
  "iconv-lite": "iconv-lite.js",
  "js-md4": "js-md4.js",
  "readable-stream": "readable-stream.js",
  "web-streams-polyfill/dist/ponyfill.es2018.js": "web-streams.js",
};

/** Includes only the function's own errors: otherwise a new text elsewhere would deploy every tenant's function again. */
const ownErrors: Plugin = {
  name: "own-errors",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]errors[\\/]catalogue\.ts$/ }, ({ path }) => ({
      contents: 'export { functionErrors as catalogue } from "./function";',
      loader: "ts",
      resolveDir: dirname(path),
    }));
  },
};

/**
 * Bundles the app into `<outdir>/main.js`: CommonJS, because the worker provides `@azure/functions-core` by patching
 * `require`. @throws esbuild's BuildFailure
 */
export async function buildFunctionBundle({ outdir }: { readonly outdir: string }): Promise<FunctionBundle> {
  const file = join(outdir, "main.js");
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, "src", "main.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    minify: true,
    // Class names appear as error types in messages.
    keepNames: true,
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    external: ["@azure/functions-core"],
    plugins: [ownErrors],
    alias: Object.fromEntries(Object.entries(shims).map(([name, shim]) => [name, join(SHIMS, shim)])),
  });
  const [output] = Object.values(result.metafile.outputs);
  return { file, bytes: output?.bytes ?? 0 };
}

/** Builds the package that infra uploads and the emulator runs. */
export async function packageFunction(): Promise<FunctionPackage> {
  const outdir = await mkdtemp(join(tmpdir(), "qt-function-"));
  try {
    const { file } = await buildFunctionBundle({ outdir });
    const zip = Buffer.from(
      zipSync(
        {
          "host.json": await readFile(join(ROOT, "host.json")),
          "package.json": await readFile(join(ROOT, "package.json")),
          "dist/main.js": await readFile(file),
        },
        // A fixed time and none of the machine's attributes, so that only the contents change the hash.
        { level: 9, mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16 },
      ),
    );
    return { zip, sha256: createHash("sha256").update(zip).digest("hex") };
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { bytes } = await buildFunctionBundle({ outdir: join(ROOT, "dist") });
  const { zip, sha256 } = await packageFunction();
  console.log(`functions/dist/main.js ${bytes} bytes; package ${zip.length} bytes, sha256 ${sha256}`);
}

if (require.main === module) void main();
