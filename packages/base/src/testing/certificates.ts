// x509 builds on decorators, which need this first.
import "reflect-metadata";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate with its private key, both as PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

/** Whom a certificate is for. */
export interface CertificateSubject {
  /** CN: the name of a user, or of a server. */
  readonly commonName: string;
  /** O: the groups of a user. */
  readonly organizations?: readonly string[];
  /** DNS names and IPv4 addresses of a server. */
  readonly hosts?: readonly string[];
  /** Milliseconds from now; negative for one that has expired. An hour unless given. */
  readonly validForMs?: number;
}

/** A private certificate authority that lives as long as its test. */
export interface TestAuthority {
  /** PEM. */
  readonly cert: string;
  /** PEM of the private key, for a server that issues certificates itself. */
  readonly key: string;
  issue(subject: CertificateSubject): Promise<CertificatePair>;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const HOUR = 3_600_000;

/**
 * Makes an authority that nobody trusts yet.
 *
 * @param validForMs milliseconds from now
 */
export async function testAuthority(name = "slipway-test-ca", validForMs = HOUR): Promise<TestAuthority> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const issuer = nameOf({ commonName: name });
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...validity(validForMs),
    name: issuer,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
    ],
  });
  const issue = async (subject: CertificateSubject): Promise<CertificatePair> => {
    const own = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const certificate = await X509CertificateGenerator.create({
      ...validity(subject.validForMs ?? HOUR),
      subject: nameOf(subject),
      issuer,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: extensionsOf(subject),
    });
    return { cert: `${certificate.toString("pem")}\n`, key: await privateKeyPem(own.privateKey) };
  };
  return { cert: `${authority.toString("pem")}\n`, key: await privateKeyPem(keys.privateKey), issue };
}

async function privateKeyPem(key: CryptoKey): Promise<string> {
  return `${PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

function nameOf({ commonName, organizations = [] }: CertificateSubject): { readonly [type: string]: string[] }[] {
  return [...organizations.map((organization) => ({ O: [organization] })), { CN: [commonName] }];
}

function validity(milliseconds: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 2 * HOUR), notAfter: new Date(now + milliseconds) };
}

function extensionsOf({
  hosts = [],
}: CertificateSubject): (ExtendedKeyUsageExtension | SubjectAlternativeNameExtension)[] {
  const usage = hosts.length === 0 ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth;
  const names = hosts.map((host) => ({ type: isAddress(host) ? ("ip" as const) : ("dns" as const), value: host }));
  const extensions = [new ExtendedKeyUsageExtension([usage])];
  return names.length === 0 ? extensions : [...extensions, new SubjectAlternativeNameExtension(names)];
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host);
}
