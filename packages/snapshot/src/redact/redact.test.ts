import { redactText } from "@slipway/base/redact";
import { expect, test } from "vitest";
import type { Reading, Snapshot } from "../model.ts";
import { snapshotText } from "../snapshot-tree.ts";
import { redactMeasurements } from "./redact.ts";

// Put together here, so that nobody's scanner takes this file for a leak.
const key = (...parts: readonly string[]): string => parts.join("");
const JWT = key("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiJhZ2VudCJ9", ".c2lnbmF0dXJlLW9mLXRoaXM");
const PEM = key("-----BEGIN RSA ", "PRIVATE KEY-----\nMIIEsecretbody\n-----END RSA ", "PRIVATE KEY-----");
const LOGIN = btoa("robot:planted-17");

/** Where it is planted, under which key, the reading, the secret in it, and what the reading becomes. */
const PLANTED: readonly (readonly [
  where: string,
  key: string,
  reading: Reading,
  secret: string,
  left: readonly [key: string, reading: Reading],
])[] = [
  ["OS.grub", "rd.token", "planted-01", "planted-01", ["rd.token", "(redacted)"]],
  ["OS.grub", "ds", "nocloud;s=http://u:planted-02@seed/", "planted-02", ["ds", "nocloud;s=http://u:(redacted)@seed/"]],
  [
    "OS.grub",
    "init",
    '/sbin/start --token=planted-03 --password "planted 03b" quiet',
    "planted",
    ["init", '/sbin/start --token=(redacted) --password "(redacted)" quiet'],
  ],
  [
    "SystemD.containerd.service",
    "Environment",
    'HTTPS_PROXY=http://proxy:planted-04@10.0.0.1:3128 "REGISTRY_PASSWORD=planted 05" NO_PROXY=10.0.0.0/8',
    "planted",
    [
      "Environment",
      'HTTPS_PROXY=http://proxy:(redacted)@10.0.0.1:3128 "REGISTRY_PASSWORD=(redacted)" NO_PROXY=10.0.0.0/8',
    ],
  ],
  [
    "SystemD.kubelet.service",
    "ExecStart",
    "{ path=/usr/bin/kubelet ; argv[]=/usr/bin/kubelet --bootstrap-token planted-06 --v=2 ; ignore_errors=no }",
    "planted-06",
    [
      "ExecStart",
      "{ path=/usr/bin/kubelet ; argv[]=/usr/bin/kubelet --bootstrap-token (redacted) --v=2 ; ignore_errors=no }",
    ],
  ],
  [
    "SystemD.docker.service",
    "ExecStartPre",
    "/usr/bin/curl -u admin:planted-07 https://x.example.com/login?token=planted-07b&next=1",
    "planted-07",
    ["ExecStartPre", "/usr/bin/curl -u admin:(redacted) https://x.example.com/login?token=(redacted)&next=1"],
  ],
  ["SystemD.docker.service", "SetCredential", "db:planted-08", "planted-08", ["SetCredential", "(redacted)"]],
  [
    "K8s.policy",
    "driver.env",
    '[{"name":"NGC_API_KEY","value":"planted-09"},{"name":"LEVEL","value":"debug"},{"key":"db_password","value":12345678}]',
    "planted-09",
    [
      "driver.env",
      '[{"name":"NGC_API_KEY","value":"(redacted)"},{"name":"LEVEL","value":"debug"},{"key":"db_password","value":"(redacted)"}]',
    ],
  ],
  [
    "K8s.policy",
    "toolkit.args",
    '["--config","/etc/x","--access-key","planted-10","--password=planted-10b"]',
    "planted-10",
    ["toolkit.args", '["--config","/etc/x","--access-key","(redacted)","--password=(redacted)"]'],
  ],
  ["K8s.policy", "env.0.API_TOKEN.value", "planted-11", "planted-11", ["env.0.API_TOKEN.value", "(redacted)"]],
  ["K8s.policy", "dcgm.adminPassword", 20260101, "20260101", ["dcgm.adminPassword", "(redacted)"]],
  [
    "K8s.helm",
    "grafana.values",
    "admin:\n  user: root\n  adminPassword: planted-12\n  level: 3\n",
    "planted-12",
    ["grafana.values", "admin:\n  user: root\n  adminPassword: (redacted)\n  level: 3\n"],
  ],
  [
    "K8s.helm",
    "nim.values",
    "env:\n  - name: HF_TOKEN\n    value: 'planted-13'\n  - name: MODEL\n    value: llama",
    "planted-13",
    ["nim.values", "env:\n  - name: HF_TOKEN\n    value: '(redacted)'\n  - name: MODEL\n    value: llama"],
  ],
  [
    "K8s.helm",
    "pull.values",
    `{"auths":{"nvcr.io":{"auth":"${LOGIN}"}}}`,
    LOGIN,
    ["pull.values", '{"auths":{"nvcr.io":{"auth":"(redacted)"}}}'],
  ],
  ["K8s.helm", "x.dockerconfigjson", "e30=planted-14", "planted-14", ["x.dockerconfigjson", "(redacted)"]],
  [
    "K8s.image",
    "robot:planted-15@registry.example.com/app",
    "1.0",
    "planted-15",
    ["robot:(redacted)@registry.example.com/app", "1.0"],
  ],
  ["K8s.image", "app", key("v1-", "ghp_", "A1b2C3d4E5f6G7h8I9j0K1l2"), "A1b2C3d4E5f6", ["app", "v1-(redacted)"]],
  [
    "NodeTopology.label",
    "example.com/join-token",
    "planted-16|n1,n2",
    "planted-16",
    ["example.com/join-token", "(redacted)|n1,n2"],
  ],
  [
    "NodeTopology.label",
    "example.com/secret.planted-18",
    "planted-18|n1",
    "planted-18",
    ["example.com/secret.(redacted)", "(redacted)|n1"],
  ],
  [
    "NodeTopology.taint",
    "example.com/password",
    "NoSchedule|planted-19|n1",
    "planted-19",
    ["example.com/password", "NoSchedule|(redacted)|n1"],
  ],
  ["NodeTopology.label", "note", key("nvapi-", "abcdefghijklmnop1234|n1"), "nvapi-", ["note", "(redacted)|n1"]],
  [
    "K8s.node",
    "annotation.k3s.io/node-args",
    '["agent","--token","planted-20"]',
    "planted-20",
    ["annotation.k3s.io/node-args", '["agent","--token","(redacted)"]'],
  ],
  [
    "K8s.node",
    "annotation.example.com/hook",
    `Authorization: Bearer ${JWT}`,
    JWT,
    ["annotation.example.com/hook", "Authorization: (redacted)"],
  ],
  ["K8s.node", "jwt-in-text", `sent ${JWT} away`, JWT, ["jwt-in-text", "sent (redacted) away"]],
  [
    "OS.release",
    "SUPPORT_URL",
    "https://me:planted-21@help.example.com/",
    "planted-21",
    ["SUPPORT_URL", "https://me:(redacted)@help.example.com/"],
  ],
  ["OS.release", "API_SECRET", "planted-22", "planted-22", ["API_SECRET", "(redacted)"]],
  [
    "OS.sysctl",
    "/proc/sys/kernel/core_pattern",
    "|/bin/report --api-key=planted-23 %p",
    "planted-23",
    ["/proc/sys/kernel/core_pattern", "|/bin/report --api-key=(redacted) %p"],
  ],
  [
    "OS.sysctl",
    "/proc/sys/net/ipv4/tcp_fastopen_key",
    "0000-planted-24",
    "planted-24",
    ["/proc/sys/net/ipv4/tcp_fastopen_key", "(redacted)"],
  ],
  [
    "OS.sysctl",
    "/proc/sys/net/ipv6/conf/all/stable_secret",
    "fe80::planted-25",
    "planted-25",
    ["/proc/sys/net/ipv6/conf/all/stable_secret", "(redacted)"],
  ],
  ["GPU.smi", "license", PEM, "MIIEsecretbody", ["license", "(redacted)"]],
  ["GPU.smi", "kubeconfig", `client-key-data: ${btoa(PEM)}`, btoa(PEM), ["kubeconfig", "client-key-data: (redacted)"]],
  ["GPU.smi", "aws", key("key ", "AKIA", "IOSFODNN7PLANTED, more"), "IOSFODNN7", ["aws", "key (redacted), more"]],
  ["GPU.smi", "hub", key("hf_", "AbCdEfGhIjKlMnOpQrStUv"), "AbCdEfGh", ["hub", "(redacted)"]],
  ["GPU.smi", "basic", `basic ${LOGIN}`, LOGIN, ["basic", "basic (redacted)"]],
  [
    "GPU.smi",
    "git",
    "https://planted26planted26planted26@git.example.com/x",
    "planted26",
    ["git", "https://(redacted)@git.example.com/x"],
  ],
  [
    "GPU.smi",
    "blob",
    "https://a.example.com/b?sv=1&sig=planted-27&se=2",
    "planted-27",
    ["blob", "https://a.example.com/b?sv=1&sig=(redacted)&se=2"],
  ],
  [
    "GPU.smi",
    "join",
    key("K10", "0123456789abcdef0123456789abcdef0123", "::server:planted-28"),
    "planted-28",
    ["join", "(redacted)"],
  ],
  ["GPU.smi", "db", "Server=x;AccountKey=planted-29;", "planted-29", ["db", "Server=x;AccountKey=(redacted)"]],
];

function planted(): Snapshot {
  const measurements = PLANTED.map(([where, name, reading]) => {
    const [type = "", ...subtype] = where.split(".");
    const context = new Map([["command", `tool --token=context-planted-${name.length}`]]);
    return { type, subtypes: [{ name: subtype.join("."), data: new Map([[name, reading]]), context }] };
  });
  return { metadata: {}, measurements };
}

test.each(PLANTED)("a secret in %s under %s is taken out, and the rest stays", (where, name, reading, _, left) => {
  const [type = "", ...subtype] = where.split(".");
  const { measurements, redacted, notes } = redactMeasurements([
    { type, subtypes: [{ name: subtype.join("."), data: new Map([[name, reading]]) }] },
  ]);
  expect([...(measurements[0]?.subtypes[0]?.data ?? [])]).toEqual([left]);
  expect([redacted, notes]).toEqual([[`${where}.${left[0]}`], []]);
});

test.each(["yaml", "json", "table"] as const)("no planted secret is in a snapshot as %s", (format) => {
  const before = snapshotText(planted(), format);
  const text = snapshotText(
    { metadata: {}, measurements: redactMeasurements(planted().measurements).measurements },
    format,
  );
  expect(before).toContain("planted-01");
  expect(PLANTED.length).toBeGreaterThan(30);
  for (const [, , , secret] of PLANTED) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/planted/i);
  expect(text.match(/\(redacted\)/g)?.length).toBeGreaterThan(2 * PLANTED.length);
});

test("what was redacted is not redacted again", () => {
  const once = redactMeasurements(planted().measurements);
  const twice = redactMeasurements(once.measurements);
  expect(twice).toEqual({ measurements: once.measurements, redacted: [], notes: [] });
});

test("labels that differ in nothing but a secret both stay", () => {
  const data = new Map([
    ["a/token.one", "one|n1"],
    ["a/token.two", "two|n2"],
  ]);
  const { measurements } = redactMeasurements([{ type: "NodeTopology", subtypes: [{ name: "label", data }] }]);
  expect([...(measurements[0]?.subtypes[0]?.data ?? [])]).toEqual([
    ["a/token.(redacted)", "(redacted)|n1"],
    ["a/token.(redacted) 2", "(redacted)|n2"],
  ]);
});

test("a key that no document may hold is left out and told; a number that is none is text", () => {
  const data = new Map<string, Reading>([
    ["__proto__", "x"],
    ["load", Number.NaN],
  ]);
  expect(redactMeasurements([{ type: "OS", subtypes: [{ name: "release", data }] }])).toEqual({
    measurements: [{ type: "OS", subtypes: [{ name: "release", data: new Map([["load", "NaN"]]) }] }],
    redacted: [],
    notes: ['OS.release has a reading named "__proto__", which no document may hold; it is left out.'],
  });
});

test("hostile text is read in time that grows with its length", () => {
  for (const text of [
    "a".repeat(500_000),
    "a=".repeat(250_000),
    "eyJ".repeat(160_000),
    "://:".repeat(120_000),
    "--a ".repeat(120_000),
    "x:y@".repeat(120_000),
    `${"a://b:".repeat(80_000)}@`,
    "-----BEGIN PRIVATE KEY-----".repeat(18_000),
  ]) {
    expect(redactText(text).length).toBeLessThanOrEqual(text.length);
  }
});
