import * as pulumi from "@pulumi/pulumi";
import type { StepInputs, StepName, StepResult, StepSecret } from "./registry";

// Stryker disable all: Stryker does not see what runs from the serialised text (step.test.ts, step.itest.ts).
/**
 * A resource with a real diff for what Resource Manager or azure-native cannot declare.
 *
 * The provider below is serialised into the state, so it must capture nothing and hold no logic: it loads
 * `infra/steps/run-step.ts` of the running checkout (`QT_PROJECT_ROOT`, otherwise the checkout that holds Pulumi's packages) and
 * passes the call on. So a change of a step's inputs changes the resource; a change of its code never does.
 */
const provider: pulumi.dynamic.ResourceProvider = {
  async configure({ config }) {
    return loadRunner().configure(config);
  },
  async check(olds, news) {
    return loadRunner().check(olds, news);
  },
  async diff(_id, olds, news) {
    return loadRunner().diff(olds, news);
  },
  async create(inputs) {
    return loadRunner().create(inputs);
  },
  async read(id, props) {
    return loadRunner().read(id, props);
  },
  async update(_id, olds, news) {
    return loadRunner().update(olds, news);
  },
  async delete(_id, props) {
    return loadRunner().remove(props);
  },
};

function loadRunner(): typeof import("./run-step") {
  // Pulumi does not promise the provider's working directory; its script lies in the checkout's node_modules.
  const [owner = process.cwd()] = process.argv[1]?.split(/[\\/]node_modules[\\/]/) ?? [];
  const root = process.env.QT_PROJECT_ROOT ?? owner;
  const fromRoot = require("node:module").createRequire(`${root}/package.json`);
  const runner = fromRoot.resolve(`${root}/infra/steps/run-step.ts`);
  // Registered for the whole process, once: a scoped require would give esbuild, which the steps use, a path that does not exist.
  if (!fromRoot.cache[runner]) fromRoot("tsx/cjs/api").register();
  return fromRoot(runner);
}
// Stryker restore all

/** The inputs, with outputs allowed at every depth. */
type StepArgs<Inputs> = { readonly [Key in keyof Inputs]: DeepInput<Inputs[Key]> };
type DeepInput<T> = pulumi.Input<T extends object ? { readonly [Key in keyof T]: DeepInput<T[Key]> } : T>;

/** A step as a resource, with its result and its secret. */
export class Step<Name extends StepName> extends pulumi.dynamic.Resource {
  /** The inputs, with what the step observed: known in a preview too. */
  declare readonly inputs: pulumi.Output<StepInputs<Name>>;
  declare readonly result: pulumi.Output<StepResult<Name>>;
  /** Always a secret output. */
  declare readonly secret: pulumi.Output<StepSecret<Name>>;

  /** @param inputs A change runs the step again, or replaces it if the step says so. */
  constructor(
    name: string,
    step: Name,
    inputs: StepArgs<StepInputs<Name>>,
    options?: pulumi.CustomResourceOptions,
  ) {
    super(
      provider,
      name,
      { step, inputs, result: undefined, secret: undefined },
      pulumi.mergeOptions(options, { additionalSecretOutputs: ["secret"] }),
      "quantemplate",
      step,
    );
  }
}
