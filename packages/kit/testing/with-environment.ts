/** Runs the work with these environment variables, then restores the former values. */
export async function withEnvironment(
  variables: Readonly<Record<string, string>>,
  work: () => void | Promise<void>,
): Promise<void> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
