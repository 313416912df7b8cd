/** Columns side by side, each as wide as its widest cell. */
export function table(rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => row.map(String));
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A setting's value in readable form. */
export function valueText(value: unknown): string {
  if (value === undefined) return "-";
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}
