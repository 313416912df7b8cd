import type { MigrationExecutor, Parameters, Row, Statements } from "../migration-executor";
import { readMigratorStatement } from "../migration-files";

/** The state of a database for {@link FakeExecutor}. Several executors may share one, as several runners do. */
export interface FakeDatabase {
  journal: Map<string, string>;
  /** Texts of the files that were committed, in order. */
  effects: string[];
  calls: string[];
  lock: Promise<void>;
}

export function fakeDatabase(): FakeDatabase {
  return { journal: new Map(), effects: [], calls: [], lock: Promise.resolve() };
}

/** A database in memory for tests of the migrator, with transactions that roll back and a lock that makes others wait. */
export class FakeExecutor implements MigrationExecutor {
  /** Called before each statement; make it throw to fail the statement. */
  interrupt: (statement: string) => void = () => {};
  engine: string | null = null;
  connections = 0;
  closed = false;

  constructor(readonly database: FakeDatabase = fakeDatabase()) {}

  async connect(): Promise<void> {
    this.connections++;
    this.interrupt("connect");
  }

  batch(text: string): Promise<Row[]> {
    return this.statements(this.database, () => {}).batch(text);
  }

  call(procedure: string, parameters: Parameters): Promise<Row[]> {
    return this.statements(this.database, () => {}).call(procedure, parameters);
  }

  async transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T> {
    let release = () => {};
    const draft: FakeDatabase = { ...this.database };
    const hold = (unlock: () => void) => {
      release = unlock;
      Object.assign(draft, {
        journal: new Map(this.database.journal),
        effects: [...this.database.effects],
        calls: [...this.database.calls],
      });
    };
    try {
      const result = await work(this.statements(draft, hold));
      const { journal, effects, calls } = draft;
      Object.assign(this.database, { journal, effects, calls });
      return result;
    } finally {
      release();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private statements(state: FakeDatabase, hold: (unlock: () => void) => void): Statements {
    return {
      batch: async (text) => {
        this.interrupt(text);
        if (text === readMigratorStatement("lock")) await this.takeLock(hold);
        else if (text === readMigratorStatement("engine")) return [{ engine: this.engine }];
        else if (text === readMigratorStatement("applied")) {
          return [...state.journal].map(([name, checksum]) => ({ name, checksum }));
        } else if (text !== readMigratorStatement("journal")) state.effects.push(text);
        return [];
      },
      call: async (procedure, parameters) => {
        this.interrupt(procedure);
        if (procedure === "qt.record_migration") {
          state.journal.set(String(parameters.name), String(parameters.checksum));
        } else {
          state.calls.push([procedure, ...Object.values(parameters)].join(" "));
        }
        return procedure === "qt.list_datasets"
          ? [{ dataset_id: "d", table_name: "t", status: "active" }]
          : [];
      },
    };
  }

  private async takeLock(hold: (unlock: () => void) => void): Promise<void> {
    const before = this.database.lock;
    let unlock = () => {};
    this.database.lock = new Promise((resolve) => {
      unlock = resolve;
    });
    await before;
    hold(unlock);
  }
}
