import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";

/** QT10xx: configuration. QT11xx: Studio's JSON. QT12xx: steps. */
export const infraErrors = {
  QT1001: {
    what: "The configuration of the tenant {stack} has {count mistake(s)}:\n{mistakes}",
    safe: "Nothing was deployed.",
    next: "`npm run tenant -- check {stack}` shows the line and the fix of each. Correct Pulumi.{stack}.yaml, or run `pulumi config set <key> <value> -s {stack}` (with --path for a part of a list).",
  },
  QT1002: {
    what: "Azure refuses names of the tenant {stack}: {names}.",
    safe: "Nothing was deployed.",
    next: "Rename the tenant while it has no resources, with its file: `pulumi stack rename <name> -s {stack}`. Azure's names contain neither microsoft nor windows, with or without hyphens.",
  },
  QT1003: {
    what: "The deployment is for the cloud {cloud}; the program supports public Azure only.",
    safe: "Nothing was deployed.",
    next: "Remove ARM_ENVIRONMENT, ARM_METADATA_HOSTNAME or azure-native:environment, or deploy to a subscription of public Azure.",
  },
  QT1101: {
    what: "{file}: {path} holds the key {key}, which @pulumi/azure-native does not know for {type} and would silently drop.",
    safe: "Nothing was deployed.",
    next: "Remove the key in Data Factory Studio, or add it to infra/studio-shapes/ once the SDK's types have it.",
  },
  QT1102: {
    what: "{file}: {path} holds {key} both next to typeProperties and inside it; azure-native has only one property for the two.",
    safe: "Nothing was deployed.",
    next: "Express one of the two differently. A SQL dataset's `typeProperties.schema` is taken together with a `table`.",
  },
  QT1103: {
    what: "{file}: {path} is of type {type}, which the translator does not know as {expected}.",
    safe: "Nothing was deployed.",
    next: "Add the type to infra/studio-shapes/; the compiler then requires exactly the keys that the SDK knows.",
  },
  QT1104: {
    what: "{file} refers to the {kind} {name}, which adf-definitions/ does not have.",
    safe: "Nothing was deployed.",
    next: "Add adf-definitions/{kind}/{name}.json, or correct the reference.",
  },
  QT1105: {
    what: "The Data Factory objects {cycle} refer to each other in a circle.",
    safe: "Nothing was deployed.",
    next: "Break the circle in adf-definitions/.",
  },
  QT1106: {
    what: "{file} declares the global parameter(s) {names}, which nothing sets.",
    safe: "Nothing was deployed.",
    next: "Give each a value in infra/global-parameters.ts, or remove it from the factory's JSON. The known values are: {known}.",
  },
  QT1107: {
    what: "{file} is not the JSON of a Data Factory object: {reason}.",
    safe: "Nothing was deployed.",
    next: "Export the object from Data Factory Studio again (one file for each object, with `name` and `properties`).",
  },
  QT1110: {
    what: "{file} does not declare the global parameter(s) {names}, to which the program gives values.",
    safe: "Nothing was deployed.",
    next: "Declare each in `properties.globalParameters` of the file, with any placeholder as its value, or remove it from infra/program.ts.",
  },
  QT1111: {
    what: "{file} uses the global parameter(s) {names}, which {factory} does not declare; every run would fail.",
    safe: "Nothing was deployed.",
    next: "If somebody added it in Data Factory Studio, its declaration is in the file of the connected factory beside: copy it to {factory}, and give it a value in infra/program.ts.",
  },
  QT1201: {
    what: "{method} {id} failed with {status}: {reason}",
    safe: "Resources created earlier are unchanged; the step can be run again.",
    next: "Run `pulumi up` again once the reason is gone; a 403 names the right that the deployer lacks.",
  },
  QT1203: {
    what: "The cloud's endpoints could not be read from {url}: {reason}",
    safe: "Nothing was changed.",
    next: "Check ARM_METADATA_HOSTNAME (unset means public Azure) and, for a private certificate authority, NODE_EXTRA_CA_CERTS.",
  },
  QT1204: {
    what: "The deployer cannot sign in: {missing} is missing.",
    safe: "Nothing was changed.",
    next: "Set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, or ARM_USE_OIDC=true in a pipeline, or run `az login`. Each variable may also be a setting of the stack, such as azure-native:clientId.",
  },
  QT1205: {
    what: "The deployer got no access token: {reason}",
    safe: "Nothing was changed.",
    next: "Run `az login`, or check the ARM_* variables; then `pulumi up` again.",
  },
  QT1206: {
    what: "The function app did not accept its code: {url} answered {status}: {reason}",
    safe: "The app still runs the code it had.",
    next: "Run `pulumi up` again; if it persists, read the deployment's log in the portal (Deployment Center).",
  },
  QT1207: {
    what: "The function app's host was not ready to take a key after {attempts} attempts: {reason}",
    safe: "The code is deployed; only the key is missing.",
    next: "Run `pulumi up` again in a minute; the app's log stream shows why its host does not start.",
  },
  QT1208: {
    what: "The database {server}/{database} refused this machine's address, and no firewall rule could be opened for it: {reason}",
    safe: "No statement was run.",
    next: "Run `pulumi up` from an address that the server allows, or allow the deployer to write the server's firewall rules.",
  },
  QT1209: {
    what: "{method} {id} was accepted and had not ended after {minutes} minutes.",
    safe: "Azure continues with it; the step can be run again.",
    next: "Look at the resource's activity log in the portal, then run `pulumi up` again.",
  },
  QT1210: {
    what: "What the step {step} made could not be compared with what is live: {reason}",
    safe: "Nothing was changed. Drift shows the step as unchanged.",
    next: "Run the command as an identity that may read it; docs/fleet.md says what each step needs.",
  },
  QT1211: {
    what: "The tenant's resources are in {from}. In {to} they would be made again under the same names, and Azure keeps the name of the deleted vault for 90 days.",
    safe: "Nothing was changed.",
    next: "Set azure-native:location back, or set quantemplate:deploymentSalt to another text in the same change: everything is then made again under new names, all datasets have to be loaded again, and Quantemplate and Fivetran need the new addresses.",
  },
  QT1212: {
    what: "azure-native would sign in with the certificate {file} as PKCS#12, and the deployment's steps cannot: they take a certificate as PEM only, without a password.",
    safe: "Nothing was changed.",
    next: "Convert it with `openssl pkcs12 -in <file> -nodes -out <file>.pem`, name the new file in azure-native:clientCertificatePath or ARM_CLIENT_CERTIFICATE_PATH, and remove the password. azure-native takes PEM, too.",
  },
  QT1295: {
    what: "The database of the tenant would go from {from} to {to} without its data: Azure moves no database between servers.",
    safe: "Nothing was changed.",
    next: "Make it as a copy: `pulumi config set --path {setting}.generation {generation}` and `pulumi config set --path {setting}.from {from}`, then `pulumi preview` (docs/moving.md). To begin with an empty database instead, set quantemplate:protect to false.",
  },
  QT1296: {
    what: "{setting} has the generation {generation}, which cannot follow what is deployed: generation {deployed} at {at}.",
    safe: "Nothing was changed.",
    next: "To move, change {holder}, set generation to {wanted} and from to {at}. To stay, set generation to {deployed}.",
  },
  QT1297: {
    what: "{setting}.from names {from}, and nothing of generation {generation} comes from there: what was there is gone, or there was no move.",
    safe: "Nothing was changed.",
    next: "Leave it out: `pulumi config rm --path {setting}.from`. To move, raise generation by one as well.",
  },
  QT1298: {
    what: "{setting} is raised while the move before is not finished: {from} still has the generation before it.",
    safe: "Nothing was changed.",
    next: "Finish that move first: go back to the deployed settings, `pulumi config rm --path {setting}.from`, and `pulumi up`, which removes what is left there.",
  },
  QT1230: {
    what: "This needs Node 22.19 or newer, and Pulumi runs it on Node {version}, which it found first on PATH.",
    safe: "Nothing was deployed.",
    next: 'Run it on the Node that came with the packages: `npm exec -c "pulumi up"`, in the same folder. If it still finds the old one, install Node 24, because npm has none for this platform.',
  },
  QT1231: {
    what: "The program failed unexpectedly: {reason}",
    safe: "Resources created earlier are unchanged, and recorded.",
    next: "This is a defect: report it with the place, {places}.",
  },
  QT1250: {
    what: "The server {server} already sends its audit to {target}, and the program would end that.",
    safe: "The server's auditing is unchanged.",
    next: "If a policy or another team audits the server, set `auditing: false` in the tenant's quantemplate:sql. Otherwise switch auditing to storage off in the portal, and run `pulumi up` again.",
  },
  QT1267: {
    what: "The server of {server}/{database} takes connections from its private network only, and this machine is outside of it: {reason}",
    safe: "No statement was run. What was made before stays.",
    next: "Run the deployment on a machine in the network, or in one that is peered with it and linked with its DNS zones: for example a self-hosted runner (docs/private.md). Then run `pulumi up` again there.",
  },
  QT1268: {
    what: "The endpoint {endpoint} of the data factory has not arrived at {target}, so it could not be approved.",
    safe: "Nothing was approved.",
    next: "Run `pulumi up` again. If it stays so, look at the endpoint in Data Factory Studio (Manage, Managed private endpoints).",
  },
  QT1300: {
    what: "{principal} lacks the right {action} at {scope}.",
    safe: "Azure refused this request and changed nothing by it; what was made before stays.",
    next: "Each of these roles has it: {roles}. Give {principal} the one that is for it (docs/rights.md), then run the command again; a new assignment takes up to ten minutes to work. If it has the role, the role is of an earlier version: update it with the file.",
  },
  QT1301: {
    what: "{principal} lacks the right {action} at {scope}, and no role of infra/roles has it.",
    safe: "Azure refused this request and changed nothing by it; what was made before stays.",
    next: "Add the right to the role of {principal} in Azure, and report it: the files of infra/roles are made from what the program calls in the emulator, and Azure asked for more.",
  },
  QT1260: {
    what: "{setting} names {id}, which Azure does not have.",
    safe: "Nothing was changed.",
    next: "Correct the setting, or have the resource made. This shows it: {command}",
  },
  QT1261: {
    what: "{setting} names {id}, which the deployer cannot read: {reason}",
    safe: "Nothing was changed.",
    next: "Assign the deployer the role Reader on it, or sign in to its directory. This shows it: {command}",
  },
  QT1262: {
    what: "{setting} names {id}, which is in the region {region}; the tenant is in {location}.",
    safe: "Nothing was changed.",
    next: "Name a resource in the tenant's region, or leave the setting out. This shows it: {command}",
  },
  QT1263: {
    what: "{setting} names {id}, which does not fit: it {faults}.",
    safe: "Nothing was changed.",
    next: "Name another resource, or have its owner change it; the program never does. This shows it: {command}",
  },
  QT1264: {
    what: "{setting} names {id}, which the stack {owner} made; this is the stack {stack}.",
    safe: "Nothing was changed.",
    next: "Name a resource that no stack made: what a stack made, it changes and deletes. This shows it, with its tags: {command}",
  },
  QT1265: {
    what: "{setting} names {id} in the subscription {subscription}; the program makes resources in it, and only in its own, {deployment}.",
    safe: "Nothing was changed.",
    next: "Name a resource of that subscription, or deploy the tenant to the other one: azure-native:subscriptionId. This shows it: {command}",
  },
  QT1270: {
    what: "{setting} names {id}, in a subscription that the directory of the deployment does not have: {reason}",
    safe: "Nothing was changed.",
    next: "Correct the id, or name a resource of this directory: `az account list --all` lists its subscriptions. This shows the resource, signed in to its directory: {command}",
  },
  QT1271: {
    what: "{setting} names {id}, at which the deployer lacks {count right(s)}: {actions}.",
    safe: "Nothing was changed.",
    next: "Have its owner assign the deployer a role with them there (docs/rights.md). This shows the resource: {command}",
  },
  QT1272: {
    what: "{setting} names {id}, in the resource group {group}, which the stack {owner} made; this is the stack {stack}.",
    safe: "Nothing was changed.",
    next: "Name a resource of another group: `pulumi destroy` of {owner} deletes its group with all that is in it. This shows it: {command}",
  },
  QT1266: {
    what: "The server of {server}/{database} refused this machine's address {address}, and the program changes nothing at a server that it did not make.",
    safe: "No statement was run.",
    next: "Run `pulumi up` from an address that the server's firewall allows, or have its owner allow this one.",
  },
} as const satisfies ErrorCatalogue;
