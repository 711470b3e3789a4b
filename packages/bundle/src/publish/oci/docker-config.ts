import * as fs from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError, cursorOf, enter, entries, optionalText, parseJson, type Cursor, type Exec } from "@slipway/base";
import { diskError, systemCode } from "../disk.ts";

/** What proves to a registry who we are. Never printed, never part of an error. */
export type Credentials = { readonly username: string; readonly password: string } | { readonly identityToken: string };

/** Where credentials are looked for. */
export interface DockerConfigOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exec: Exec;
  readonly signal: AbortSignal;
}

/** What `docker login` calls Docker Hub. */
const HUB = { registry: "docker.io", key: "https://index.docker.io/v1/" } as const;

/**
 * The credentials that `docker login` (or `helm registry login` with the same file) stored for a registry, in
 * `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`: from its credential helper, the common store, or the file.
 *
 * @returns nothing when there are none
 * @throws SlipwayError INVALID_INPUT for a file that cannot be read, NOT_ALLOWED when a helper fails
 */
export async function dockerCredentials(
  registry: string,
  options: DockerConfigOptions,
): Promise<Credentials | undefined> {
  const file = configFile(options.env);
  const config = file === undefined ? undefined : await readConfig(file);
  if (file === undefined || config === undefined) return undefined;
  try {
    const helper =
      optionalText(enter(enter(config, "credHelpers"), registry)) ?? optionalText(enter(config, "credsStore"));
    const stored = helper === undefined || helper === "" ? undefined : await fromHelper(helper, registry, options);
    return stored ?? fromAuths(config, registry);
  } catch (error) {
    throw error instanceof SlipwayError && error.code === "INVALID_INPUT" ? error.at({ file }) : error;
  }
}

function configFile(env: DockerConfigOptions["env"]): string | undefined {
  const home = env["HOME"] ?? env["USERPROFILE"];
  const folder = env["DOCKER_CONFIG"] ?? (home === undefined || home === "" ? undefined : join(home, ".docker"));
  return folder === undefined || folder === "" ? undefined : join(folder, "config.json");
}

async function readConfig(file: string): Promise<Cursor | undefined> {
  try {
    return cursorOf(parseJson(await fs.readFile(file, "utf8"), file));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw diskError(error, "read", file);
  }
}

async function fromHelper(
  helper: string,
  registry: string,
  options: DockerConfigOptions,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${helper}`;
  if (!/^[\w.-]+$/.test(helper))
    throw new SlipwayError("INVALID_INPUT", `"${helper}" is no name of a credential helper`);
  const stdin = registry === HUB.registry ? HUB.key : registry;
  const { exitCode, stdout, stderr } = await options.exec.run(program, ["get"], { signal: options.signal, stdin });
  if (exitCode !== 0) {
    const output = `${stdout} ${stderr}`;
    if (/not found|no credentials/i.test(output)) return undefined;
    throw new SlipwayError(
      "NOT_ALLOWED",
      `${program} gave no credentials for ${registry}: it ended with status ${exitCode}`,
      {
        hint: `Try it: echo ${registry} | ${program} get`,
      },
    );
  }
  const answer = cursorOf(parseSecret(stdout, program));
  return credentialsOf(optionalText(enter(answer, "Username")), optionalText(enter(answer, "Secret")));
}

/** The parser's own message could repeat a part of the secret. */
function parseSecret(text: string, program: string): ReturnType<typeof parseJson> {
  try {
    return parseJson(text);
  } catch {
    throw new SlipwayError("NOT_ALLOWED", `${program} answered with something else than JSON`);
  }
}

function fromAuths(config: Cursor, registry: string): Credentials | undefined {
  const wanted = registry === HUB.registry ? [HUB.key, HUB.registry] : [registry];
  const all = entries(enter(config, "auths"));
  const found = all.find(([key]) => wanted.includes(key)) ?? all.find(([key]) => hostOf(key) === registry);
  if (found === undefined) return undefined;
  const [, auth] = found;
  const identityToken = optionalText(enter(auth, "identitytoken")) ?? "";
  if (identityToken !== "") return { identityToken };
  const [, username = "", password = ""] =
    /^([^:]*):(.*)$/s.exec(decoded(optionalText(enter(auth, "auth")) ?? "")) ?? [];
  return credentialsOf(
    optionalText(enter(auth, "username")) ?? username,
    optionalText(enter(auth, "password")) ?? password,
  );
}

function credentialsOf(username = "", password = ""): Credentials | undefined {
  if (username === "<token>") return { identityToken: password };
  return username === "" && password === "" ? undefined : { username, password };
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8").replace(/\0+$/, "");
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}
