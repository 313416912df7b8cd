export { findPulumi, type PulumiInstallation } from "../../kit/find-pulumi";
export { type Attachment, attachProviders } from "./attach";
export { createEngine, type EngineOptions, type PulumiChoice } from "./deploy";
export { type EngineContext, toolPath } from "./deployer-environment";
export type {
  ConfigEntry,
  Engine,
  EngineProgress,
  ResourceChange,
  ResourceOperation,
  RunOptions,
  RunResult,
  StackOutput,
  StackProgram,
  StackRequest,
} from "./engine";
export { ensurePulumi } from "./pulumi-cli";
export type { PulumiProject } from "./stack-folder";
