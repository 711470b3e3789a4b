import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SlipwayError } from "@slipway/base";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { bundleOf } from "../../testing/bundles.ts";
import { startDockerRegistry, type DockerRegistry } from "../../testing/docker-registry.ts";
import { startFakeRegistry, type FakeRegistry, type FakeRegistryOptions } from "../../testing/fake-registry.ts";
import { temporaryFolder } from "../../testing/folders.ts";
import { packFiles } from "../pack.ts";
import { verifyBundle } from "../verify.ts";
import { pushBundle, writeImageReferences, type PushOptions, type PushedBundle } from "./push.ts";
import { parseOciReference } from "./reference.ts";

const BUNDLE = bundleOf({ "recipe.yaml": "kind: Recipe\n", "deploy.sh": "#!/bin/sh\n" });
const LAYER = packFiles(BUNDLE.files);
const LAYER_DIGEST = `sha256:${createHash("sha256").update(LAYER).digest("hex")}`;
const EMPTY_DIGEST = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
const USER = { username: "user", password: "secret" };

const MANIFEST = {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  artifactType: "application/vnd.slipway.bundle.v1",
  config: { mediaType: "application/vnd.oci.empty.v1+json", digest: EMPTY_DIGEST, size: 2 },
  layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: LAYER_DIGEST, size: LAYER.length }],
  annotations: { "org.opencontainers.image.version": "1.2.3" },
};

async function fake(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const registry = await startFakeRegistry(options);
  onTestFinished(() => registry.close());
  return registry;
}

async function push(host: string, options: Partial<PushOptions> = {}): Promise<PushedBundle> {
  const reference = parseOciReference(`oci://${host}/team/bundle`, "1.2.3");
  return await pushBundle(BUNDLE, reference, { version: "1.2.3", plainHttp: true, sleep: async () => {}, ...options });
}

async function failure(promise: Promise<unknown>): Promise<SlipwayError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof SlipwayError) return error;
  throw new Error(`expected a SlipwayError, found ${String(error)}`);
}

test("a bundle is pushed as an artifact of one layer", async () => {
  const registry = await fake();
  const pushed = await push(registry.host);
  const manifest = registry.manifests.get("team/bundle:1.2.3") ?? "";
  expect(JSON.parse(manifest)).toEqual(MANIFEST);
  const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
  expect(pushed).toEqual({ reference: `${registry.host}/team/bundle:1.2.3@${digest}`, digest, bytes: LAYER.length });
  expect([...registry.blobs.keys()]).toEqual([LAYER_DIGEST, EMPTY_DIGEST]);
  expect(registry.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `HEAD /v2/team/bundle/blobs/${LAYER_DIGEST}`,
    "POST /v2/team/bundle/blobs/uploads/",
    `PUT /v2/team/bundle/blobs/uploads/session?_state=a%3Db&digest=${encodeURIComponent(LAYER_DIGEST)}`,
    `HEAD /v2/team/bundle/blobs/${EMPTY_DIGEST}`,
    "POST /v2/team/bundle/blobs/uploads/",
    `PUT /v2/team/bundle/blobs/uploads/session?_state=a%3Db&digest=${encodeURIComponent(EMPTY_DIGEST)}`,
    "PUT /v2/team/bundle/manifests/1.2.3",
  ]);
});

test("what the registry has is not sent again, and the digest stays", async () => {
  const registry = await fake();
  const first = await push(registry.host);
  const sent = registry.requests.length;
  expect(await push(registry.host)).toEqual(first);
  expect(registry.requests.slice(sent).map(({ method }) => method)).toEqual(["HEAD", "HEAD", "PUT"]);
});

test.each(["basic", "token"] as const)("a registry that wants a %s login gets it, once", async (auth) => {
  const registry = await fake({ auth });
  const asked: string[] = [];
  const credentials = async (host: string): Promise<typeof USER> => {
    asked.push(host);
    return USER;
  };
  await push(registry.host, { credentials });
  expect(asked).toEqual([registry.host]);
  expect([...registry.manifests.keys()]).toEqual(["team/bundle:1.2.3"]);
  const tokens = registry.requests.filter(({ path }) => path.startsWith("/token"));
  const scope = "service=fake%2C+registry&scope=repository%3Ateam%2Fbundle%3Apull%2Cpush";
  expect(tokens.map(({ path }) => path)).toEqual(auth === "token" ? [`/token?${scope}`] : []);
});

test("an identity token is changed into a token", async () => {
  const registry = await fake({ auth: "token" });
  await push(registry.host, { credentials: async () => ({ identityToken: "refresh" }) });
  expect(registry.requests.find(({ path }) => path === "/token")).toEqual({
    method: "POST",
    path: "/token",
    authorization: undefined,
  });
});

test.each([
  ["without a login", "basic", undefined, "logging in failed with HTTP 401"],
  ["with a wrong password", "basic", { ...USER, password: "hunter2" }, "asking for a layer failed with HTTP 401"],
  [
    "with a wrong password for a token",
    "token",
    { ...USER, password: "hunter2" },
    "logging in failed with HTTP 401: DENIED wrong password",
  ],
] as const)("%s the answer is no, without the password", async (_name, auth, credentials, message) => {
  const registry = await fake({ auth });
  const error = await failure(push(registry.host, { credentials: async () => credentials }));
  expect(error.code).toBe("NOT_ALLOWED");
  expect(error.describe()).toBe(
    `registry ${registry.host}, repository team/bundle: ${message}\nLog in with the right to push: docker login ${registry.host}`,
  );
});

test("a busy registry is waited for as long as it says, or longer each time", async () => {
  const busy: [number, string | undefined][] = [
    [429, "7"],
    [503, undefined],
    [500, "9999"],
  ];
  const registry = await fake({
    intercept: (_seen, response) => {
      const next = busy.shift();
      if (next === undefined) return false;
      const [status, after] = next;
      if (after !== undefined) response.setHeader("retry-after", after);
      response.writeHead(status).end();
      return true;
    },
  });
  const waits: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
  };
  await push(registry.host, { sleep });
  expect(waits).toEqual([7000, 1000, 30_000]);
});

test("a registry that stays broken is unavailable after four attempts", async () => {
  const registry = await fake({
    intercept: (_seen, response) => {
      response.writeHead(502, { "content-type": "text/html" }).end("<html>Bad Gateway</html>");
      return true;
    },
  });
  const error = await failure(push(registry.host));
  expect([error.code, error.message]).toEqual([
    "UNAVAILABLE",
    `registry ${registry.host}, repository team/bundle: asking for a layer failed with HTTP 502`,
  ]);
  expect(registry.requests.length).toBe(4);
});

test("what a registry says is kept to one short line", async () => {
  const registry = await fake({
    intercept: ({ method }, response) => {
      if (method !== "POST") return false;
      const message = `a\u001b[31mred\nline ${"x".repeat(5000)}`;
      response.writeHead(403).end(JSON.stringify({ errors: [{ code: "DENIED", message }] }));
      return true;
    },
  });
  const { message } = await failure(push(registry.host));
  expect(message).toMatch(/: starting an upload failed with HTTP 403: DENIED a \[31mred line x+$/);
  expect(message.length).toBeLessThan(400);
});

test("an upload that is sent to a strange place is refused", async () => {
  const registry = await fake({
    intercept: ({ method }, response) => {
      if (method !== "POST") return false;
      response.writeHead(202, { location: "ftp://elsewhere/upload" }).end();
      return true;
    },
  });
  const error = await failure(push(registry.host));
  expect([error.code, error.message]).toEqual([
    "UNAVAILABLE",
    `the registry at ${registry.host} sends uploads to "ftp://elsewhere/upload"`,
  ]);
});

test("an upload to another host gets the layer but not the login", async () => {
  const storage = await fake({
    intercept: (_seen, response) => {
      response.writeHead(201).end();
      return true;
    },
  });
  const registry = await fake({
    auth: "basic",
    intercept: ({ method, authorization }, response) => {
      if (method !== "POST" || authorization === undefined) return false;
      response.writeHead(202, { location: `http://${storage.host}/upload?signed=1` }).end();
      return true;
    },
  });
  await push(registry.host, { credentials: async () => USER });
  expect(storage.requests.map(({ path, authorization }) => [path.split("&")[0], authorization])).toEqual([
    ["/upload?signed=1", undefined],
    ["/upload?signed=1", undefined],
  ]);
});

test("a password does not leave over plain HTTP because a registry says so", async () => {
  const registry = await fake({
    tls: true,
    intercept: (_seen, response) => {
      response.writeHead(401, { "www-authenticate": 'Bearer realm="http://evil.example.com/token"' }).end();
      return true;
    },
  });
  const error = await failure(
    push(registry.host, { plainHttp: false, insecureTls: true, credentials: async () => USER }),
  );
  expect([error.code, error.message]).toEqual([
    "NOT_ALLOWED",
    `registry ${registry.host}, repository team/bundle: it asks to log in at "http://evil.example.com/token", which is not safe`,
  ]);
});

test("an unknown certificate is refused unless any may do", async () => {
  const registry = await fake({ tls: true, auth: "token" });
  const options = { plainHttp: false, credentials: async () => USER };
  const error = await failure(push(registry.host, options));
  expect(error.code).toBe("UNAVAILABLE");
  expect(error.describe()).toMatch(
    /: cannot be reached: self-signed certificate.*\nName the registry's CA in NODE_EXTRA_CA_CERTS, or add --insecure-tls to trust any certificate\.$/,
  );
  await push(registry.host, { ...options, insecureTls: true });
  expect([...registry.manifests.keys()]).toEqual(["team/bundle:1.2.3"]);
});

test("the same holds under Bun, which the released program runs on", async () => {
  const registry = await fake({ tls: true, auth: "token" });
  const script = `
    import { pushBundle } from "./push.ts";
    import { parseOciReference } from "./reference.ts";
    const files = [{ path: "recipe.yaml", content: "kind: Recipe", executable: false }];
    const reference = parseOciReference("oci://${registry.host}/team/bundle", "1.2.3");
    const options = { version: "1.2.3", credentials: async () => ({ username: "user", password: "secret" }), sleep: async () => {} };
    const refused = await pushBundle({ files }, reference, options).catch((error) => error.describe());
    const { reference: pushed } = await pushBundle({ files }, reference, { ...options, insecureTls: true });
    console.log(JSON.stringify([refused, pushed]));`;
  const bun = fileURLToPath(new URL("../../../../../node_modules/.bin/bun", import.meta.url));
  const { stdout } = await promisify(execFile)(bun, ["-e", script], { cwd: import.meta.dirname });
  expect(JSON.parse(stdout)).toEqual([
    expect.stringMatching(/cannot be reached: .*self.signed certificate.*\n.*--insecure-tls/),
    expect.stringMatching(/\/team\/bundle:1\.2\.3@sha256:[0-9a-f]{64}$/),
  ]);
  expect([...registry.manifests.keys()]).toEqual(["team/bundle:1.2.3"]);
});

test("a registry without TLS is named as such", async () => {
  const registry = await fake();
  const error = await failure(push(registry.host, { plainHttp: false }));
  expect([error.code, error.hint]).toEqual(["UNAVAILABLE", "If the registry speaks no TLS, add --plain-http."]);
});

test("a registry that is not there is unavailable", async () => {
  const registry = await startFakeRegistry();
  await registry.close();
  const error = await failure(push(registry.host));
  expect(error.code).toBe("UNAVAILABLE");
  expect(error.describe()).toMatch(
    /cannot be reached: connect ECONNREFUSED .*\nCheck the name of the registry and that it can be reached from here\.$/,
  );
});

test("a registry that never answers times out, and Ctrl-C ends the waiting", async () => {
  const silent = await fake({ intercept: () => true });
  const error = await failure(push(silent.host, { timeout: 50 }));
  expect([error.code, error.message]).toEqual([
    "TIMED_OUT",
    `registry ${silent.host}, repository team/bundle: no answer within 0.05 seconds`,
  ]);
  const abort = new AbortController();
  const interrupted = push(silent.host, { signal: abort.signal });
  abort.abort(new SlipwayError("INTERRUPTED", "interrupted"));
  expect((await failure(interrupted)).code).toBe("INTERRUPTED");
});

test("a digest in the reference must be that of the bundle, and nothing is sent otherwise", async () => {
  const registry = await fake();
  const reference = parseOciReference(`oci://${registry.host}/team/bundle@sha256:${"0".repeat(64)}`, "1.2.3");
  const error = await failure(pushBundle(BUNDLE, reference, { version: "1.2.3", plainHttp: true }));
  expect(error.code).toBe("CONFLICT");
  expect(registry.requests).toEqual([]);
});

test("a registry that stores something else is found out", async () => {
  const registry = await fake({
    intercept: ({ path }, response) => {
      if (!path.includes("/manifests/")) return false;
      response.writeHead(201, { "docker-content-digest": "sha256:other" }).end();
      return true;
    },
  });
  expect((await failure(push(registry.host))).message).toMatch(/ stored sha256:other in place of sha256:[0-9a-f]{64}$/);
});

test("the reference is written for the tools that come after", async () => {
  const folder = await temporaryFolder();
  const registry = await fake();
  const pushed = await push(registry.host);
  await writeImageReferences(join(folder, "images.txt"), [pushed]);
  expect(await readFile(join(folder, "images.txt"), "utf8")).toBe(`${pushed.reference}\n`);
});

let docker: DockerRegistry | undefined;
beforeAll(async () => {
  docker = await startDockerRegistry();
});
afterAll(() => docker?.close());

test("Debian's registry takes a bundle and gives it back", async ({ skip }) => {
  const host = docker?.host ?? skip("docker-registry is not installed");
  const first = await push(host);
  expect(await push(host)).toEqual(first);
  const manifest = await fetch(`http://${host}/v2/team/bundle/manifests/1.2.3`, {
    headers: { accept: MANIFEST.mediaType },
  });
  expect(manifest.headers.get("docker-content-digest")).toBe(first.digest);
  expect(await manifest.json()).toEqual(MANIFEST);
  const layer = await fetch(`http://${host}/v2/team/bundle/blobs/${LAYER_DIGEST}`);
  const folder = await temporaryFolder();
  await writeFile(join(folder, "layer.tar.gz"), new Uint8Array(await layer.arrayBuffer()));
  expect(execFileSync("tar", ["tzf", join(folder, "layer.tar.gz")], { encoding: "utf8" })).toBe(
    "checksums.txt\ndeploy.sh\nrecipe.yaml\n",
  );
  expect((await verifyBundle(join(folder, "layer.tar.gz"))).checksumsPassed).toBe(true);
});
