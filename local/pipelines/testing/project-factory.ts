import type { Definitions } from "../../../packages/azure-emulator/services/data-factory/testing/definitions";
import {
  type FakeWeb,
  json,
  text,
} from "../../../packages/azure-emulator/services/data-factory/testing/fake-web";
import {
  startTestFactory,
  type TestFactory,
} from "../../../packages/azure-emulator/services/data-factory/testing/test-factory";
import { definitions } from "./definitions";

/** A factory with the project's own objects; the fake web plays Quantemplate and Key Vault. */
export interface ProjectFactory extends TestFactory {
  readonly quantemplate: FakeWeb;
}

export const SECRET = "s3cret&=+ä";
export const TOKEN = "qt-access-token";

export async function startProjectFactory(): Promise<ProjectFactory> {
  const factory = await startTestFactory((url) => projectDefinitions(url));
  const { web } = factory;
  web.answers.set("/vault/secrets/qt", json({ value: SECRET }));
  web.answers.set("/token", json({ access_token: TOKEN, expires_in: 300, token_type: "Bearer" }));
  web.answers.set("/v1/organisations/org/datasets/claims%2F2024", text("id,name\n1,Ann\n2,Bob\n"));
  return { ...factory, quantemplate: web };
}

/** adf-definitions/ with its global parameters pointing at `url`. */
export function projectDefinitions(url: string, sqlServer = "127.0.0.1,14330"): Definitions {
  const kinds = {
    linkedService: "linkedservices",
    dataset: "datasets",
    pipeline: "pipelines",
    trigger: "triggers",
  } as const;
  return {
    globalParameters: {
      qtApiUrl: `${url}/`,
      qtTokenUrl: `${url}/token`,
      qtOrganisationId: "org",
      qtClientId: "client&1",
      qtSecretUrl: `${url}/vault/secrets/qt`,
      sqlServer,
      sqlDatabase: "tenant",
    },
    objects: Object.entries(kinds).flatMap(([folder, kind]) =>
      definitions(folder).map(({ name, properties }) => ({ kind, name, properties })),
    ),
  };
}
