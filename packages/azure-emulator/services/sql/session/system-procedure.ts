import type { RpcParameter } from "../tds/rpc-request";
import type { ResultSink } from "./result-sink";
import type { Session } from "./session";
import { SqlServerError } from "./sql-server-error";
import type { Variables } from "./variables";

/** The result of a system procedure in addition to recordsets. */
export interface SystemResult {
  /** Handle of a prepared statement. */
  readonly handle?: number;
}

/**
 * The system procedures that drivers use to send text: sp_executesql, sp_prepare and its relatives.
 * The text must follow the same rules as a batch.
 */
export class SystemProcedures {
  readonly #prepared = new Map<number, string>();
  #lastHandle = 0;

  constructor(readonly session: Session) {}

  /** Drops the prepared statements. */
  forget(): void {
    this.#prepared.clear();
  }

  /** Undefined if the procedure is not one of these: then it belongs to the database. */
  run(
    procedure: string,
    parameters: readonly RpcParameter[],
    sink: ResultSink,
  ): Promise<SystemResult> | undefined {
    switch (procedure.toLowerCase()) {
      case "sp_executesql":
        return this.#execute(textOf(parameters[0]), variablesOf(parameters.slice(2)), sink);
      case "sp_prepare":
        return Promise.resolve({ handle: this.#prepare(textOf(parameters[2])) });
      case "sp_prepexec":
        return this.#prepareAndExecute(parameters, sink);
      case "sp_execute":
        return this.#execute(this.#text(parameters[0]), variablesOf(parameters.slice(1)), sink);
      case "sp_unprepare":
        this.#prepared.delete(Number(parameters[0]?.value));
        return Promise.resolve({});
      default:
        return undefined;
    }
  }

  async #execute(text: string, variables: Variables, sink: ResultSink): Promise<SystemResult> {
    await this.session.text(text, variables, sink);
    return {};
  }

  async #prepareAndExecute(parameters: readonly RpcParameter[], sink: ResultSink): Promise<SystemResult> {
    const text = textOf(parameters[2]);
    await this.session.text(text, variablesOf(parameters.slice(3)), sink);
    return { handle: this.#prepare(text) };
  }

  #prepare(text: string): number {
    this.#prepared.set(++this.#lastHandle, text);
    return this.#lastHandle;
  }

  #text(handle: RpcParameter | undefined): string {
    const text = this.#prepared.get(Number(handle?.value));
    if (text === undefined) {
      throw new SqlServerError(8179, `Could not find prepared statement with handle ${handle?.value ?? 0}.`);
    }
    return text;
  }
}

function textOf(parameter: RpcParameter | undefined): string {
  if (typeof parameter?.value === "string") return parameter.value;
  throw new SqlServerError(214, "Procedure expects parameter '@statement' of type 'ntext/nchar/nvarchar'.", {
    state: 2,
  });
}

function variablesOf(parameters: readonly RpcParameter[]): Variables {
  return new Map(parameters.map(({ name, value }) => [name.toLowerCase(), value]));
}
