import { dirname, isAbsolute, join, sep } from "node:path";
import {
  SlipwayError,
  cursorOf,
  enter,
  entries,
  items,
  optionalBoolean,
  optionalMap,
  optionalText,
  parseYaml,
  parseYamlAsText,
  requiredText,
  textList,
  type Cursor,
} from "@slipway/base";
import type {
  ClusterEntry,
  ContextEntry,
  DataOrFile,
  ExecPlugin,
  Impersonation,
  Kubeconfig,
  UserEntry,
} from "./model.ts";

/** Under this name a cluster keeps what credential plugins are told (client-go). */
const EXEC_EXTENSION = "client.authentication.k8s.io/exec";

/**
 * Reads one kubeconfig (kind Config of apiVersion v1). An empty text has no entries, fields beyond it are ignored, as
 * kubectl does.
 *
 * @param file path that errors name and that relative paths in it start from
 * @throws SlipwayError INVALID_INPUT with file, line or field; TOO_LARGE beyond the document limits
 */
export function parseKubeconfig(text: string, file: string): Kubeconfig {
  try {
    const root = cursorOf(parseYaml(text), () => parseYamlAsText(text));
    optionalMap(root);
    refuseOtherKind(root);
    const current = optionalText(enter(root, "current-context"));
    return {
      files: [file],
      currentContext: current === "" ? undefined : current,
      clusters: named(root, "clusters", "cluster", (body, name) => clusterOf(body, name, file)),
      users: named(root, "users", "user", (body, name) => userOf(body, name, file)),
      contexts: named(root, "contexts", "context", (body, name) => contextOf(body, name, file)),
    };
  } catch (error) {
    throw error instanceof SlipwayError ? error.at({ file }) : error;
  }
}

function refuseOtherKind(root: Cursor): void {
  const kind = optionalText(enter(root, "kind"));
  if (kind === undefined || kind === "" || kind === "Config") return;
  throw new SlipwayError("INVALID_INPUT", `a kubeconfig has the kind Config, found ${JSON.stringify(kind)}`, {
    place: { field: "kind" },
  });
}

function named<Entry>(
  root: Cursor,
  list: string,
  body: string,
  read: (body: Cursor, name: string) => Entry,
): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  for (const item of items(enter(root, list))) {
    const name = requiredText(enter(item, "name"));
    if (found.has(name))
      throw new SlipwayError("INVALID_INPUT", `the name ${JSON.stringify(name)} is there twice`, {
        place: { field: `${item.field}.name` },
      });
    found.set(name, read(enter(item, body), name));
  }
  return found;
}

function clusterOf(body: Cursor, name: string, file: string): ClusterEntry {
  const extension = items(enter(body, "extensions")).find(
    (item) => optionalText(enter(item, "name")) === EXEC_EXTENSION,
  );
  return {
    name,
    file,
    server: filled(body, "server") ?? "",
    certificateAuthority: dataOrFile(body, "certificate-authority", file),
    insecure: optionalBoolean(enter(body, "insecure-skip-tls-verify")) ?? false,
    tlsServerName: filled(body, "tls-server-name"),
    proxyUrl: filled(body, "proxy-url"),
    disableCompression: optionalBoolean(enter(body, "disable-compression")) ?? false,
    execConfig: extension === undefined ? undefined : enter(extension, "extension").value,
  };
}

function userOf(body: Cursor, name: string, file: string): UserEntry {
  const tokenFile = filled(body, "tokenFile");
  const provider = enter(body, "auth-provider");
  return {
    name,
    file,
    certificate: dataOrFile(body, "client-certificate", file),
    key: dataOrFile(body, "client-key", file),
    token: filled(body, "token"),
    tokenFile: tokenFile === undefined ? undefined : beside(file, tokenFile),
    username: filled(body, "username"),
    password: filled(body, "password"),
    exec: execOf(enter(body, "exec"), file),
    authProvider: optionalMap(provider) === undefined ? undefined : (filled(provider, "name") ?? "of no name"),
    impersonation: impersonationOf(body),
  };
}

function impersonationOf(body: Cursor): Impersonation {
  return {
    user: filled(body, "as"),
    uid: filled(body, "as-uid"),
    groups: textList(enter(body, "as-groups")),
    extra: Object.fromEntries(entries(enter(body, "as-user-extra")).map(([key, values]) => [key, textList(values)])),
  };
}

function execOf(body: Cursor, file: string): ExecPlugin | undefined {
  if (optionalMap(body) === undefined) return undefined;
  const command = requiredText(enter(body, "command"));
  return {
    apiVersion: requiredText(enter(body, "apiVersion")),
    command: command.includes(sep) ? beside(file, command) : command,
    args: textList(enter(body, "args")),
    env: Object.fromEntries(
      items(enter(body, "env")).map((item) => [
        requiredText(enter(item, "name")),
        optionalText(enter(item, "value")) ?? "",
      ]),
    ),
    installHint: filled(body, "installHint"),
    provideClusterInfo: optionalBoolean(enter(body, "provideClusterInfo")) ?? false,
    interactiveMode: interactiveModeOf(enter(body, "interactiveMode")),
  };
}

function interactiveModeOf(cursor: Cursor): ExecPlugin["interactiveMode"] {
  const mode = optionalText(cursor) ?? "";
  if (mode === "" || mode === "IfAvailable") return "IfAvailable";
  if (mode === "Never" || mode === "Always") return mode;
  throw new SlipwayError("INVALID_INPUT", `expected Never, IfAvailable or Always, found ${JSON.stringify(mode)}`, {
    place: { field: cursor.field },
  });
}

function contextOf(body: Cursor, name: string, file: string): ContextEntry {
  return {
    name,
    file,
    cluster: filled(body, "cluster") ?? "",
    user: filled(body, "user") ?? "",
    namespace: filled(body, "namespace"),
  };
}

function dataOrFile(body: Cursor, key: string, file: string): DataOrFile {
  const path = filled(body, key);
  return { data: filled(body, `${key}-data`), path: path === undefined ? undefined : beside(file, path) };
}

/** A text; an empty one counts as absent. */
function filled(body: Cursor, key: string): string | undefined {
  const text = optionalText(enter(body, key));
  return text === "" ? undefined : text;
}

function beside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}
