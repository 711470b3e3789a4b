import { SlipwayError, didYouMean } from "@slipway/base";
import type { ClusterEntry, ContextEntry, Kubeconfig, Selection, UserEntry } from "./model.ts";

const MANY = 5;

/**
 * The cluster, user and namespace of a context.
 *
 * @param wanted `--context`; without one the kubeconfig's current context
 * @param others entries in place of those that the context names: `--cluster`, `--user`
 * @throws SlipwayError NOT_FOUND when no context is current or the kubeconfig lacks it, INVALID_INPUT when it names a
 * cluster or a user that is not there
 */
export function selectContext(
  config: Kubeconfig,
  wanted?: string,
  { cluster, user }: { readonly cluster?: string | undefined; readonly user?: string | undefined } = {},
): Selection {
  const [name, context] = contextOf(config, wanted === "" ? undefined : wanted);
  const clusterName = cluster ?? context.cluster;
  const userName = user ?? context.user;
  return {
    context: name,
    namespace: context.namespace ?? "default",
    cluster: named("cluster", config.clusters, clusterName, cluster === undefined ? name : undefined, context.file),
    user:
      userName === ""
        ? nobody(context.file)
        : named("user", config.users, userName, user === undefined ? name : undefined, context.file),
  };
}

function contextOf(config: Kubeconfig, wanted: string | undefined): readonly [name: string, ContextEntry] {
  const name = wanted ?? config.currentContext;
  if (name === undefined)
    throw new SlipwayError("NOT_FOUND", "the kubeconfig has no current context", {
      place: placeOf(config),
      hint: `Choose one with --context or \`kubectl config use-context\`. ${listed(config)}`,
    });
  const context = config.contexts.get(name);
  if (context === undefined)
    throw new SlipwayError("NOT_FOUND", `the kubeconfig has no context ${JSON.stringify(name)}`, {
      place: placeOf(config),
      hint: didYouMean(name, config.contexts.keys()) ?? listed(config),
    });
  return [name, context];
}

/** A user that has no credentials. */
export function nobody(file: string): UserEntry {
  const none = { data: undefined, path: undefined };
  return {
    name: "",
    file,
    certificate: none,
    key: none,
    token: undefined,
    tokenFile: undefined,
    username: undefined,
    password: undefined,
    exec: undefined,
    authProvider: undefined,
    impersonation: { user: undefined, uid: undefined, groups: [], extra: {} },
  };
}

function named<Entry extends ClusterEntry | UserEntry>(
  what: "cluster" | "user",
  entries: ReadonlyMap<string, Entry>,
  name: string,
  context: string | undefined,
  file: string,
): Entry {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  if (context === undefined)
    throw new SlipwayError("NOT_FOUND", `the kubeconfig has no ${what} ${JSON.stringify(name)}`, {
      place: { file },
      hint: didYouMean(name, entries.keys()) ?? `Look at \`kubectl config view\`.`,
    });
  const wrong = name === "" ? `names no ${what}` : `names the ${what} ${JSON.stringify(name)}, which is not there`;
  throw new SlipwayError("INVALID_INPUT", `the context ${JSON.stringify(context)} ${wrong}`, {
    place: { file },
    hint: didYouMean(name, entries.keys()) ?? `Look at \`kubectl config get-contexts ${context}\`.`,
  });
}

function listed(config: Kubeconfig): string {
  const names = [...config.contexts.keys()];
  if (names.length === 0) return "It has no contexts at all.";
  const more = names.length > MANY ? ` and ${names.length - MANY} more` : "";
  return `It has: ${names.slice(0, MANY).join(", ")}${more}.`;
}

function placeOf(config: Kubeconfig): { readonly file?: string } {
  const file = config.files.join(", ");
  return file === "" ? {} : { file };
}
