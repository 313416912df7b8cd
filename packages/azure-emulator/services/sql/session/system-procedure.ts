import type { RpcParameter } from "../tds/rpc-request";
import { runText } from "./batch";
import type { ResultSink } from "./result-sink";
import type { Session } from "./session";
import { SqlServerError } from "./sql-server-error";
import { refuseSystemProcedure, systemName, textOf } from "./system-names";
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

  /**
   * Undefined if the procedure is not one of these: then it belongs to the database.
   * @throws EmulatorError QT6101 for any other procedure of the system that the database does not have
   */
  async run(
    procedure: string,
    parameters: readonly RpcParameter[],
    sink: ResultSink,
  ): Promise<SystemResult | undefined> {
    switch (systemName(procedure)) {
      case undefined:
        return undefined;
      case "sp_executesql":
        return this.#execute(textOf(parameters[0]), variablesOf(parameters.slice(2)), sink);
      case "sp_prepare":
        return { handle: this.#prepare(textOf(parameters[2])) };
      case "sp_prepexec":
        return this.#prepareAndExecute(parameters, sink);
      case "sp_execute":
        return this.#execute(this.#text(parameters[0]), variablesOf(parameters.slice(1)), sink);
      case "sp_unprepare":
        this.#prepared.delete(Number(parameters[0]?.value));
        return {};
      default:
        await refuseSystemProcedure(this.session, procedure);
        return undefined;
    }
  }

  async #execute(text: string, variables: Variables, sink: ResultSink): Promise<SystemResult> {
    await runText(this.session, text, variables, sink);
    return {};
  }

  async #prepareAndExecute(parameters: readonly RpcParameter[], sink: ResultSink): Promise<SystemResult> {
    const text = textOf(parameters[2]);
    await runText(this.session, text, variablesOf(parameters.slice(3)), sink);
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

function variablesOf(parameters: readonly RpcParameter[]): Variables {
  return new Map(parameters.map(({ name, type, value }) => [name.toLowerCase(), { type, value }]));
}
