import { X509Certificate as NodeCertificate, randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import tls from "node:tls";
import * as x509 from "@peculiar/x509";
import { readIfExists, writeDurably } from "./durable-file";
import type { LocalCertificates } from "./local-service";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 24 * 3600 * 1000;
/** Apple's verifier, which Go uses on macOS, refuses server certificates that live longer than 825 days. */
const LIFETIME_DAYS = 800;
const RENEW_BEFORE_DAYS = 30;

/**
 * The certificate of the emulator's servers, for 127.0.0.1 and localhost, and the authority that signed it. Both are made at the
 * first start and kept until shortly before they expire. The authority's key is thrown away at once, so nobody can issue
 * another certificate for clients that trust `ca.pem`. Key identifiers are included because Python 3.13 and
 * `openssl verify -x509_strict` require them.
 */
export async function loadOrCreateCertificates(folder: string): Promise<LocalCertificates> {
  const home = join(folder, "certificates");
  const caFile = join(home, "ca.pem");
  const bundleFile = join(home, "bundle.pem");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const [ca, cert, key] = await Promise.all(
    [caFile, join(home, "server.pem"), join(home, "server-key.pem")].map(readIfExists),
  );
  if (ca !== undefined && cert !== undefined && key !== undefined && isCurrent(ca, cert)) {
    await writeBundle(bundleFile, ca);
    return { caFile, bundleFile, ca, cert, key };
  }
  const made = await makeCertificates();
  // The authority last: the other two count only if it verifies them.
  await writeDurably(join(home, "server-key.pem"), made.key);
  await writeDurably(join(home, "server.pem"), made.cert);
  await writeDurably(caFile, made.ca);
  await writeBundle(bundleFile, made.ca);
  return { caFile, bundleFile, ...made };
}

/** Where systems keep the authorities that they trust, as Go's crypto/x509 looks for them; Windows and macOS have no such file, or one that is enough. */
const systemBundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/**
 * Writes the file at each start, because the machine's authorities may change between two. Node's own store of the system's
 * authorities takes 80 ms to read, so the files are read, and where there is none, the authorities that Node brings are taken.
 */
async function writeBundle(file: string, ca: string): Promise<void> {
  const found = await Promise.all(systemBundles.map((path) => readFile(path, "utf8").catch(() => undefined)));
  const system = found.find((text) => text !== undefined) ?? tls.getCACertificates("bundled").join("\n");
  await writeDurably(file, `${system.trim()}\n${ca}`);
}

function isCurrent(ca: string, cert: string): boolean {
  try {
    const server = new NodeCertificate(cert);
    const renewAt = Date.parse(server.validTo) - RENEW_BEFORE_DAYS * DAY;
    return server.verify(new NodeCertificate(ca).publicKey) && Date.now() < renewAt;
  } catch {
    return false;
  }
}

/** A new authority and a server certificate that it signed, as PEM. */
export async function makeCertificates(): Promise<{ ca: string; cert: string; key: string }> {
  x509.cryptoProvider.set(crypto);
  const pair = () => crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const [caKeys, serverKeys] = await Promise.all([pair(), pair()]);
  // Valid from an hour ago, for clients whose clock is slow.
  const notBefore = new Date(Date.now() - 3600 * 1000);
  const notAfter = new Date(notBefore.getTime() + LIFETIME_DAYS * DAY);
  const common = { notBefore, notAfter, signingAlgorithm: ALGORITHM };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...common,
    serialNumber: serialNumber(),
    name: "CN=Local emulator of Azure",
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    ...common,
    serialNumber: serialNumber(),
    subject: "CN=localhost",
    issuer: ca.subject,
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(ca),
      await x509.SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
    ],
  });
  const der = await crypto.subtle.exportKey("pkcs8", serverKeys.privateKey);
  return {
    ca: `${ca.toString("pem")}\n`,
    cert: `${server.toString("pem")}\n`,
    key: `${x509.PemConverter.encode(der, "PRIVATE KEY")}\n`,
  };
}

/** A positive number, different every time. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
