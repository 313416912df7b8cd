// Sets the project up on a bare clone and runs a TypeScript entry point on the project's own Node.
// No dependencies: it runs before anything is installed, on Node 20 or newer.
//   node scripts/bootstrap.mjs <entry.ts> [args…]      run an entry point
//   node scripts/bootstrap.mjs --bin <name> [args…]    run a tool of node_modules/.bin
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import tls from "node:tls";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const minimum = "22.19";

function installDependencies() {
  const stamp = join(root, "node_modules", ".installed-lock");
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  const started = Date.now();
  process.stderr.write("Installing dependencies (once; about half a minute) …\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(npm, ["ci", "--loglevel=error", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    process.stderr.write(
      "QT9001: The dependencies could not be installed.\n" +
        "  Safe: nothing but node_modules was touched.\n" +
        "  Next: check that this machine reaches its npm registry, then run the same command again.\n",
    );
    process.exit(result.status ?? 1);
  }
  writeFileSync(stamp, lock);
  process.stderr.write(`Installed dependencies in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

/** The folder of a Node that is new enough: the running one, or the one installed from npm. */
function nodeFolder() {
  // The newest feature that we need: 22.19 and 24.5 have it, 24.0 does not.
  if (typeof tls.setDefaultCACertificates === "function") return dirname(process.execPath);
  const { platform, arch } = process;
  const os = platform === "win32" ? "win" : platform;
  for (const name of [`node-${os}-${arch}`, `node-bin-${os}-${arch}`]) {
    const folder = join(root, "node_modules", name, "bin");
    if (existsSync(join(folder, platform === "win32" ? "node.exe" : "node"))) return folder;
  }
  process.stderr.write(
    `QT9002: This needs Node ${minimum} or newer; this is ${process.version}, and there is no packaged Node for ${platform}-${arch}.\n` +
      "  Safe: nothing was changed.\n  Next: install Node 24 and run the same command again.\n",
  );
  process.exit(1);
}

installDependencies();
const folder = nodeFolder();
const node = join(folder, process.platform === "win32" ? "node.exe" : "node");
const [first, ...rest] = process.argv.slice(2);
const args =
  first === "--bin"
    ? [join(root, "node_modules", ".bin", rest[0]), ...rest.slice(1)]
    : ["--enable-source-maps", "--require", "tsx/cjs", join(root, first), ...rest];
const child = spawn(node, args, {
  cwd: root,
  stdio: "inherit",
  // Children (the Pulumi CLI's dynamic provider among them) must find the same Node first.
  env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH ?? ""}` },
});
// The child decides how to stop: a terminal sends Ctrl-C to both, a supervisor only to this process.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
