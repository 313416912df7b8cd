/** Runs the work with these environment variables (undefined: without one), then restores the former values. */
export async function withEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  work: () => void | Promise<void>,
): Promise<void> {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  set(variables);
  try {
    await work();
  } finally {
    set(before);
  }
}

function set(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
