import type { Feed } from "./feed";
import { DEFAULT_LIMITS, type HandlerDependencies } from "./handler";
import { IdentityCredential } from "./identity-token";
import { checkQuantemplateLogin } from "./quantemplate-login";
import { type Environment, readPageBytesLimit, readSettings, readTokenUrl } from "./settings";
import { poolConfig, SqlConnection } from "./sql-connection";
import { SqlFeed } from "./sql-feed";

/** The composition root, from the Function app's settings. They are read at the first call, so that a missing one is reported. */
export function production(environment: Environment = process.env): HandlerDependencies {
  let feed: Feed | undefined;
  return {
    feed() {
      if (feed === undefined) {
        const settings = readSettings(environment);
        feed = new SqlFeed(new SqlConnection(poolConfig(settings, new IdentityCredential(settings))));
      }
      return feed;
    },
    checkQuantemplate: async (secrets) => checkQuantemplateLogin(readTokenUrl(environment), secrets),
    database: () => ({ server: environment.SQL_SERVER ?? "", database: environment.SQL_DATABASE ?? "" }),
    secrets: () => (environment.IDENTITY_HEADER === undefined ? [] : [environment.IDENTITY_HEADER]),
    now: () => performance.now(),
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    limits: DEFAULT_LIMITS,
    pageBytesLimit: () => readPageBytesLimit(environment),
  };
}
