import type { RpcParameter } from "../tds/rpc-request";
import { runText } from "./batch";
import type { ResultSink } from "./result-sink";
import type { Session } from "./session";
import { SqlServerError } from "./sql-server-error";
import { bind, refuseSystemProcedure, systemName, textOf } from "./system-names";

/** The result of a system procedure in addition to recordsets. */
export interface SystemResult {
  /** Handle of a prepared statement. */
  readonly handle?: number;
}

/** A text with the declaration of its variables, or a procedure of the database. */
type Prepared = { readonly text: string; readonly declaration: string } | { readonly procedure: string };

/**
 * The system procedures that drivers use to send text: sp_executesql, sp_prepare and its relatives.
 * The text must follow the same rules as a batch.
 */
export class SystemProcedures {
  readonly #prepared = new Map<number, Prepared>();
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
      case "sp_executesql": {
        const [text, declaration, ...values] = parameters;
        return this.#execute(preparedOf(text, declaration), values, sink);
      }
      case "sp_prepare":
        return { handle: this.#prepare(preparedOf(parameters[2], parameters[1])) };
      case "sp_prepexec": {
        const [, declaration, text, ...values] = parameters;
        const prepared = preparedOf(text, declaration);
        await this.#execute(prepared, values, sink);
        return { handle: this.#prepare(prepared) };
      }
      case "sp_prepexecrpc": {
        const [, procedure, ...values] = parameters;
        const prepared = { procedure: textOf(procedure) };
        await this.#execute(prepared, values, sink);
        return { handle: this.#prepare(prepared) };
      }
      case "sp_execute": {
        const [handle, ...values] = parameters;
        return this.#execute(this.#find(handle), values, sink);
      }
      case "sp_unprepare":
        this.#prepared.delete(Number(parameters[0]?.value));
        return {};
      default:
        await refuseSystemProcedure(this.session, procedure);
        return undefined;
    }
  }

  async #execute(
    prepared: Prepared,
    values: readonly RpcParameter[],
    sink: ResultSink,
  ): Promise<SystemResult> {
    if ("procedure" in prepared) await this.session.call(prepared.procedure, values, sink);
    else {
      const { text, declaration } = prepared;
      const variables = bind(declaration, values);
      await this.session.dynamically(() => runText(this.session, text, variables, sink));
    }
    return {};
  }

  #prepare(prepared: Prepared): number {
    this.#prepared.set(++this.#lastHandle, prepared);
    return this.#lastHandle;
  }

  #find(handle: RpcParameter | undefined): Prepared {
    const prepared = this.#prepared.get(Number(handle?.value));
    if (prepared === undefined) {
      throw new SqlServerError(8179, `Could not find prepared statement with handle ${handle?.value ?? 0}.`);
    }
    return prepared;
  }
}

function preparedOf(text: RpcParameter | undefined, declaration: RpcParameter | undefined): Prepared {
  return { text: textOf(text), declaration: declaration?.value ?? "" };
}
