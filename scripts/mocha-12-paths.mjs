// Stryker's runner for Mocha 12 asks for lib/cli/run-helpers; Mocha 12.0.3 names that file run-helpers.cjs.
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    next(/mocha\/lib\/cli\/[a-z-]+$/.test(specifier) ? `${specifier}.cjs` : specifier, context),
});
