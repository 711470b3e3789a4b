import { X509Certificate, createPrivateKey } from "node:crypto";
import { expect, test } from "vitest";
import { testAuthority } from "./certificates.ts";

test("an authority issues certificates for servers and for users", async () => {
  const authority = await testAuthority("some-ca");
  const server = await authority.issue({ commonName: "server", hosts: ["localhost", "127.0.0.1"] });
  const user = await authority.issue({ commonName: "jane", organizations: ["developers", "admins"] });
  const root = new X509Certificate(authority.cert);
  const described = [root, new X509Certificate(server.cert), new X509Certificate(user.cert)].map((certificate) => ({
    subject: certificate.subject,
    issuer: certificate.issuer,
    names: certificate.subjectAltName,
    isAuthority: certificate.ca,
    isGenuine: certificate.verify(root.publicKey),
  }));
  const issued = { issuer: "CN=some-ca", isGenuine: true };
  expect(described).toEqual([
    { ...issued, subject: "CN=some-ca", names: undefined, isAuthority: true },
    { ...issued, subject: "CN=server", names: "DNS:localhost, IP Address:127.0.0.1", isAuthority: false },
    { ...issued, subject: "O=developers\nO=admins\nCN=jane", names: undefined, isAuthority: false },
  ]);
});

test("a certificate can have expired", async () => {
  const { cert } = await (await testAuthority()).issue({ commonName: "late", validForMs: -1000 });
  expect(new X509Certificate(cert).validToDate.getTime()).toBeLessThan(Date.now());
});

test("an authority can be handed to a server that issues certificates itself, for as long as it is needed", async () => {
  const authority = await testAuthority("long-ca", 7 * 24 * 3_600_000);
  const certificate = new X509Certificate(authority.cert);
  expect(certificate.checkPrivateKey(createPrivateKey(authority.key))).toBe(true);
  expect(certificate.validToDate.getTime()).toBeGreaterThan(Date.now() + 6 * 24 * 3_600_000);
});
