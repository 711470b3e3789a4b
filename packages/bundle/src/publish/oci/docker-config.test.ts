import { join } from "node:path";
import { SlipwayError, type Exec, type ExecResult } from "@slipway/base";
import { expect, test } from "vitest";
import { fill, temporaryFolder } from "../../testing/folders.ts";
import { dockerCredentials, type Credentials } from "./docker-config.ts";

interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin: string | undefined;
}

function helper(result: Partial<ExecResult>): { readonly exec: Exec; readonly calls: readonly Call[] } {
  const calls: Call[] = [];
  const exec: Exec = {
    run: async (program, args, { stdin }) => {
      calls.push({ program, args, stdin });
      return { exitCode: 0, stdout: "", stderr: "", ...result };
    },
  };
  return { exec, calls };
}

async function lookUp(
  config: unknown,
  registry: string,
  exec: Exec = helper({}).exec,
): Promise<Credentials | undefined> {
  const folder = await temporaryFolder();
  await fill(folder, { ".docker/config.json": typeof config === "string" ? config : JSON.stringify(config) });
  return await dockerCredentials(registry, { env: { HOME: folder }, exec, signal: new AbortController().signal });
}

const USER = { username: "user", password: "pass:word" };
const AUTH = Buffer.from("user:pass:word").toString("base64");

test.each<[string, unknown, string, Credentials | undefined]>([
  ["a host with a port", { auths: { "r:5000": { auth: AUTH } } }, "r:5000", USER],
  ["an address of a host", { auths: { "https://r:5000/v2/": { auth: AUTH } } }, "r:5000", USER],
  ["name and password in clear", { auths: { r: USER } }, "r", USER],
  ["an identity token", { auths: { r: { auth: AUTH, identitytoken: "token" } } }, "r", { identityToken: "token" }],
  ["Docker Hub", { auths: { "https://index.docker.io/v1/": { auth: AUTH } } }, "docker.io", USER],
  ["another registry", { auths: { "r:5001": { auth: AUTH } } }, "r:5000", undefined],
  ["an entry without anything", { auths: { r: {} } }, "r", undefined],
  ["an empty file", {}, "r", undefined],
])("%s", async (_name, config, registry, expected) => {
  expect(await lookUp(config, registry)).toEqual(expected);
});

test("no home, or no file, is no credentials", async () => {
  const folder = await temporaryFolder();
  const { exec } = helper({});
  const signal = new AbortController().signal;
  expect(await dockerCredentials("r", { env: {}, exec, signal })).toBeUndefined();
  expect(await dockerCredentials("r", { env: { HOME: folder }, exec, signal })).toBeUndefined();
});

test("DOCKER_CONFIG goes before the home", async () => {
  const folder = await temporaryFolder();
  await fill(folder, { "other/config.json": JSON.stringify({ auths: { r: USER } }) });
  const env = { HOME: "/nowhere", DOCKER_CONFIG: join(folder, "other") };
  expect(await dockerCredentials("r", { env, exec: helper({}).exec, signal: new AbortController().signal })).toEqual(
    USER,
  );
});

test("a helper is asked with the registry on its standard input", async () => {
  const { exec, calls } = helper({ stdout: '{"Username":"user","Secret":"pass:word"}' });
  expect(await lookUp({ credHelpers: { "r:5000": "desk.top" }, credsStore: "other" }, "r:5000", exec)).toEqual(USER);
  expect(await lookUp({ credsStore: "store" }, "docker.io", exec)).toEqual(USER);
  expect(calls).toEqual([
    { program: "docker-credential-desk.top", args: ["get"], stdin: "r:5000" },
    { program: "docker-credential-store", args: ["get"], stdin: "https://index.docker.io/v1/" },
  ]);
});

test("a helper may give a token, or know nothing, and then the file counts", async () => {
  const token = helper({ stdout: '{"Username":"<token>","Secret":"abc"}' });
  expect(await lookUp({ credsStore: "store" }, "r", token.exec)).toEqual({ identityToken: "abc" });
  const unknown = helper({ exitCode: 1, stdout: "credentials not found in native keychain" });
  expect(await lookUp({ credsStore: "store", auths: { r: USER } }, "r", unknown.exec)).toEqual(USER);
});

test.each<[string, unknown, Partial<ExecResult>, string, string]>([
  ["no JSON", "{", {}, "INVALID_INPUT", "not valid JSON"],
  ["a wrong type", { auths: { r: "text" } }, {}, "INVALID_INPUT", "expected a map, found text"],
  ["a key of a prototype", '{"auths":{"__proto__":{}}}', {}, "INVALID_INPUT", 'the key "__proto__" is not allowed'],
  [
    "a helper with a path",
    { credsStore: "../../evil" },
    {},
    "INVALID_INPUT",
    '"../../evil" is no name of a credential helper',
  ],
  [
    "a failing helper",
    { credsStore: "x" },
    { exitCode: 2, stderr: "SECRET" },
    "NOT_ALLOWED",
    "docker-credential-x gave no credentials for r: it ended with status 2",
  ],
  [
    "a helper that babbles",
    { credsStore: "x" },
    { stdout: "SECRET" },
    "NOT_ALLOWED",
    "docker-credential-x answered with something else than JSON",
  ],
])("%s is an error without secrets", async (_name, config, result, code, message) => {
  const error: unknown = await lookUp(config, "r", helper(result).exec).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SlipwayError);
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  expect(error instanceof SlipwayError ? error.describe() : "").not.toContain("SECRET");
});
