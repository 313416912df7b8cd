import type { UserOfCall } from "../../packages/azure-emulator/services/sql";

/** `qt.ensure_user` makes an identity a user of the database (database/tsql). */
export const userOf: UserOfCall = ({ procedure, arguments: given }) => {
  if (procedure.toLowerCase() !== "qt.ensure_user") return undefined;
  const argument = (name: string) => given.find((one) => one.name.toLowerCase() === name)?.value;
  const [name, clientId] = [argument("@name"), argument("@client_id")];
  return name == null || clientId == null ? undefined : { name, clientId };
};
