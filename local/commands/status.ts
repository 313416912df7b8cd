import { count } from "../../commands/progress";
import { requireEnvironment } from "../environment";
import { query } from "./emulator-client";

interface DatasetStatus {
  readonly dataset: string;
  readonly table: string;
  readonly version: number;
  readonly lastLoad:
    | { readonly status: string; readonly at: string; readonly error: string | undefined }
    | undefined;
}

/** Prints all addresses and the state of each dataset. */
export async function status(folder: string, stack: string, json: boolean): Promise<void> {
  const environment = await requireEnvironment(folder, stack);
  const rows = await query(
    environment,
    `select d.dataset_id, d.table_name, d.published_version,
            l.status, l.snapshot_time, l.error
       from qt.dataset d
       left join (select dataset_no, status, snapshot_time, error,
                         row_number() over (partition by dataset_no order by snapshot_time desc) as latest
                    from qt."load") l on l.dataset_no = d.dataset_no and l.latest = 1
      where d.status = 'active'
      order by d.dataset_id`,
  );
  const datasets: DatasetStatus[] = rows.map((row) => ({
    dataset: String(row.dataset_id),
    table: String(row.table_name),
    version: Number(row.published_version ?? 0),
    lastLoad:
      row.status == null
        ? undefined
        : {
            status: String(row.status),
            at: String(row.snapshot_time),
            error: row.error == null ? undefined : String(row.error),
          },
  }));
  if (json) {
    const { arm, deployer, function: fn, quantemplate, ...rest } = environment;
    const shown = {
      ...rest,
      // Secrets stay in environment.json.
      arm: { ...arm, token: undefined },
      deployer: { ...deployer, clientSecret: undefined },
      function: { ...fn, key: undefined },
      quantemplate: { ...quantemplate, clientSecret: undefined },
      automation: { ...environment.automation, webhookUrl: undefined },
      datasets,
    };
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return;
  }
  const lines = [
    `Stack ${environment.stack}, resource group ${environment.resourceGroup}, process ${environment.process.pid}`,
    `Console       ${environment.console.url}`,
    `ARM           ${environment.arm.endpoint} (CA: ${environment.arm.caFile})`,
    `Function      ${environment.function.url}`,
    `SQL           ${environment.sql.host},${environment.sql.port}, database ${environment.sql.database}`,
    `Key Vault     ${environment.keyVault.vaultUri}`,
    `Storage       ${environment.storage.blobEndpoint}`,
    `Quantemplate  ${environment.quantemplate.endpoint}`,
    "",
    ...datasets.map(({ dataset, table, version, lastLoad }) => {
      const load = lastLoad === undefined ? "no load yet" : `last load ${lastLoad.status} at ${lastLoad.at}`;
      return `${dataset}  table data.${table}  version ${count(version)}  ${load}${lastLoad?.error ? `: ${lastLoad.error}` : ""}`;
    }),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
