// Who may import whom: docs/architecture.md, "Layers". Run by `npm test`; alone: `npm run layers`.
const emulator = "^packages/azure-emulator/";
const types = "^packages/azure-resource-types/";
const kit = "^packages/kit/";
const product = "^(database|errors|functions|infra|tenants)/";
const commands = "^commands/";
/** Tests and what only tests use. */
const tests =
  "(\\.(test|itest|ltest)\\.ts$|/testing/|/test-|^test/|^scripts/|^functions/test-support/|^database/(conformance|recorder|sizes|lint)/)";
const house = "^(commands|database|errors|functions|infra|local|packages|scripts|tenants|test)/";

/** Files below `from` import nothing of the house but what `to` names. */
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: house, pathNot: to },
});

export default {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      comment: "Files that import each other can only be understood together.",
      from: {},
      to: { circular: true },
    },
    only("kit-alone", kit, [kit], "The kit is below everything."),
    only("resource-types-on-kit", types, [types, kit], "The catalogue of resource types knows the kit only."),
    only("emulator-alone", emulator, [emulator, types, kit], "The emulator knows nothing of this project."),
    {
      name: "product-on-kit",
      severity: "error",
      comment:
        "What runs in Azure, and the program that deploys it, know the kit and the resource types only.",
      from: { path: product, pathNot: tests },
      to: { path: house, pathNot: [product, types, kit] },
    },
    {
      name: "commands-reach-local-by-one-seam",
      severity: "error",
      comment: "Commands reach local/ by local/index.ts, or start it as a process.",
      from: { path: commands, pathNot: tests },
      to: { path: house, pathNot: [commands, product, types, kit, "^local/index\\.ts$"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(node_modules|functions/dist|test/fixtures)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".mjs", ".mts", ".js", ".json"] },
  },
};
