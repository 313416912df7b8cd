const WITH_ADDRESS: ReadonlySet<string> = new Set([
  "microsoft.keyvault/vaults",
  "microsoft.storage/storageaccounts",
  "microsoft.sql/servers",
  "microsoft.web/sites",
]);

const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    "access app_code app_themes app_data app_globalresources app_localresources app_webreferences app_browsers azure bing bizspark " +
    "biztalk cortana directx dotnet dynamics excel exchange forefront groove hololens hyperv kinect lync msdn o365 office office365 " +
    "onedrive onenote outlook powerpoint sharepoint skype visio visualstudio web.config xbox"
  ).split(" "),
);

/**
 * True for a name that no resource with an address of its own may have.
 * Source: learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name.
 */
export function isReservedName(type: string, name: string): boolean {
  const lower = name.toLowerCase();
  const isReserved =
    RESERVED_WORDS.has(lower) || /microsoft|windows/.test(lower) || lower.startsWith("login");
  return isReserved && WITH_ADDRESS.has(type.toLowerCase());
}
