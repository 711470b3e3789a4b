import {
  SlipwayError,
  compactJson,
  cursorOf,
  enter,
  messageOf,
  optionalText,
  parseJson,
  type Clock,
  type Exec,
  type Tree,
  type TreeMap,
} from "@slipway/base";
import type { ExecPlugin, UserEntry } from "../kubeconfig/model.ts";
import type { Credentials, Proof } from "./credentials.ts";

const VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
/** Credentials that end sooner than this are not worth sending. */
const MARGIN_MS = 5_000;

/** What a plugin is run with. */
export interface ExecPluginDeps {
  readonly exec: Exec | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** What `provideClusterInfo` tells the plugin (Cluster of client.authentication.k8s.io). */
  readonly clusterInfo: TreeMap;
}

interface Issued {
  readonly proof: Proof;
  readonly expiresAt: number | undefined;
}

/** A run of a plugin, and what came of it. */
interface Run {
  readonly result: Promise<Issued>;
  proof?: Proof;
}

/** What plugins have issued, by what they were asked; the credentials of a process live as long as its `Exec`. */
const issuedBy = new WeakMap<Exec, Map<string, Run>>();

/**
 * Credentials that a program gives (client.authentication.k8s.io). They are kept until they expire or the server refuses
 * them, for all clients that run programs in the same way.
 */
export function execCredentials(user: UserEntry, plugin: ExecPlugin, deps: ExecPluginDeps): Credentials {
  const { exec } = deps;
  checkPlugin(user, plugin);
  if (exec === undefined)
    throw failure(user, "INVALID_INPUT", `needs the credential plugin ${plugin.command}, and no programs are run here`);
  const cache = issuedBy.get(exec) ?? new Map<string, Run>();
  issuedBy.set(exec, cache);
  const info = infoOf(plugin, deps.clusterInfo);
  const key = compactJson([plugin.command, plugin.args, plugin.env, info]);
  const forget = (entry: Run): void => {
    if (cache.get(key) === entry) cache.delete(key);
  };
  const issue = async (signal: AbortSignal): Promise<Proof> => {
    const env = { ...deps.env, ...plugin.env, KUBERNETES_EXEC_INFO: info };
    const entry: Run = { result: run(user, plugin, exec, env, signal) };
    cache.set(key, entry);
    try {
      return (entry.proof = (await entry.result).proof);
    } catch (error) {
      forget(entry);
      throw error;
    }
  };
  return {
    current: async (signal) => {
      for (let entry = cache.get(key); entry !== undefined; entry = cache.get(key)) {
        const known = await entry.result.catch(() => undefined);
        const isFresh = known?.expiresAt === undefined || known.expiresAt - deps.clock.now().getTime() > MARGIN_MS;
        if (known !== undefined && isFresh) return known.proof;
        forget(entry);
      }
      return issue(signal);
    },
    // Of many requests that are refused at once, the first has it renewed.
    refused: (proof) => {
      const entry = cache.get(key);
      if (entry?.proof === proof) cache.delete(key);
      return true;
    },
  };
}

function checkPlugin(user: UserEntry, plugin: ExecPlugin): void {
  if (!VERSIONS.includes(plugin.apiVersion)) {
    throw failure(
      user,
      "INVALID_INPUT",
      `the credential plugin ${plugin.command} speaks ${plugin.apiVersion}; expected ${VERSIONS.join(" or ")}`,
      "A newer release of the plugin, or of the tool that wrote the kubeconfig, speaks v1.",
    );
  }
  if (plugin.interactiveMode === "Always") {
    throw failure(
      user,
      "INVALID_INPUT",
      `the credential plugin ${plugin.command} wants to ask at the terminal, which is not handed over`,
      "Set interactiveMode: IfAvailable if it can do without, or give a token with another context.",
    );
  }
}

function infoOf(plugin: ExecPlugin, cluster: TreeMap): string {
  return compactJson({
    kind: "ExecCredential",
    apiVersion: plugin.apiVersion,
    spec: { ...(plugin.provideClusterInfo ? { cluster } : {}), interactive: false },
  });
}

async function run(
  user: UserEntry,
  plugin: ExecPlugin,
  exec: Exec,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Issued> {
  const result = await exec.run(plugin.command, plugin.args, { signal, env }).catch((error: unknown) => {
    if (!(error instanceof SlipwayError) || error.code !== "NOT_FOUND") throw error;
    throw failure(user, "NOT_FOUND", `the credential plugin ${plugin.command} is not installed`, plugin.installHint);
  });
  if (result.exitCode !== 0) {
    const said = lastLine(result.stderr);
    throw failure(
      user,
      "NOT_ALLOWED",
      `the credential plugin ${plugin.command} exited with ${result.exitCode}${said === "" ? "" : `: ${said}`}`,
      plugin.installHint ?? "Log in again with the tool that the plugin belongs to.",
    );
  }
  return issuedOf(user, plugin, result.stdout);
}

function issuedOf(user: UserEntry, plugin: ExecPlugin, stdout: string): Issued {
  try {
    const root = cursorOf(parsed(stdout));
    const apiVersion = optionalText(enter(root, "apiVersion"));
    if (optionalText(enter(root, "kind")) !== "ExecCredential" || apiVersion !== plugin.apiVersion)
      throw new SlipwayError("INVALID_INPUT", `expected an ExecCredential of ${plugin.apiVersion}`);
    const status = enter(root, "status");
    const token = textOf(status, "token");
    const cert = textOf(status, "clientCertificateData");
    const key = textOf(status, "clientKeyData");
    if ((cert === undefined) !== (key === undefined))
      throw new SlipwayError("INVALID_INPUT", "clientCertificateData and clientKeyData go together");
    if (token === undefined && cert === undefined)
      throw new SlipwayError("INVALID_INPUT", "its status has neither a token nor a client certificate");
    return {
      proof: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(cert === undefined || key === undefined ? {} : { certificate: { cert, key } }),
      },
      expiresAt: instantOf(textOf(status, "expirationTimestamp")),
    };
  } catch (error) {
    throw failure(
      user,
      "INVALID_INPUT",
      `the credential plugin ${plugin.command} gave no credentials; ${messageOf(error)}`,
    );
  }
}

/** What a plugin prints holds secrets, so a parser's message, which may quote it, is not passed on. */
function parsed(stdout: string): Tree {
  try {
    return parseJson(stdout);
  } catch {
    throw new SlipwayError("INVALID_INPUT", "what it printed is not JSON");
  }
}

function textOf(status: ReturnType<typeof enter>, key: string): string | undefined {
  const text = optionalText(enter(status, key));
  return text === "" ? undefined : text;
}

function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new SlipwayError("INVALID_INPUT", "expirationTimestamp is no RFC 3339 time");
  return instant;
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").slice(0, 300);
}

function failure(user: UserEntry, code: "INVALID_INPUT" | "NOT_ALLOWED" | "NOT_FOUND", what: string, hint?: string) {
  return new SlipwayError(code, `the user ${JSON.stringify(user.name)}: ${what}`, { place: { file: user.file }, hint });
}
