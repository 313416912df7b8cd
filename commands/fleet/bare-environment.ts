/**
 * Keeps only the variables that Node, git and the file system need: a preview may run the program of any pull request, which must
 * find no credentials. It leaves out this project's variables (such as `QT_DATABASE_PASSWORD`) and proxies, whose addresses may hold
 * a password; a preview makes no network calls.
 */
export function bareEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept =
    /^(PATH|PATHEXT|HOME|USERPROFILE|TMPDIR|TMP|TEMP|LANG|LC_(ALL|COLLATE|CTYPE|MESSAGES|MONETARY|NUMERIC|TIME)|TZ|SYSTEMROOT|COMSPEC|NODE_(OPTIONS|PATH|EXTRA_CA_CERTS))$/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => kept.test(name)));
}
