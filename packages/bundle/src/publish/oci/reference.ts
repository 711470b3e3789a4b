import { SlipwayError } from "@slipway/base";

/** A place in a registry. */
export interface OciReference {
  /** Host and port, as written: `registry.example.com:5000`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** What the pushed manifest must have; absent when any will do. */
  readonly digest: string | undefined;
}

const SCHEME = "oci://";
const MAX_LENGTH = 1024;
const MAX_REPOSITORY = 255;
const HOST = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::(?<port>\d{1,5}))?$/i;
const REPOSITORY_PART = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Whether an output is meant for a registry. */
export function isOciReference(text: string): boolean {
  return text.toLowerCase().startsWith(SCHEME);
}

/**
 * Reads `oci://host[:port]/repository[:tag][@sha256:…]`, by the grammar of the OCI distribution specification 1.1.
 *
 * @param version the tag when none is given; `+`, which no tag may have, becomes `_` as Helm does it
 * @throws SlipwayError USAGE that says which part is wrong
 */
export function parseOciReference(text: string, version: string): OciReference {
  const demand = (holds: boolean, reason: string): void => {
    if (!holds) throw wrong(text, reason);
  };
  demand(text.startsWith(SCHEME), `it must begin with ${SCHEME}`);
  demand(text.length <= MAX_LENGTH, `it is longer than ${MAX_LENGTH} characters`);
  const [name = "", ...digests] = text.slice(SCHEME.length).split("@");
  const [registry = "", ...parts] = name.split("/");
  demand(isHost(registry), `"${registry}" is no host with an optional port`);
  const [repository = "", ...tags] = parts.join("/").split(":");
  demand(repository !== "", "the repository is missing");
  demand(isRepository(repository), `"${repository}" is no repository: lower-case letters, digits and single . _ -`);
  demand(isAtMostOne(tags, TAG), `"${tags.join(":")}" is no tag: letters, digits, _ . and -, at most 128`);
  demand(isAtMostOne(digests, DIGEST), `"${digests.join("@")}" is no digest: sha256: and 64 hexadecimal digits`);
  return { registry, repository, tag: tags[0] ?? tagOf(version), digest: digests[0] };
}

/** The reference as other tools take it: `host/repository:tag@digest`. */
export function formatOciReference(reference: OciReference): string {
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}:${reference.tag}${digest}`;
}

function isHost(text: string): boolean {
  const match = HOST.exec(text);
  if (match === null) return false;
  const port = match.groups?.["port"];
  return port === undefined || (Number(port) > 0 && Number(port) < 65_536);
}

function isRepository(text: string): boolean {
  return text.length <= MAX_REPOSITORY && text.split("/").every((part) => REPOSITORY_PART.test(part));
}

function isAtMostOne(found: readonly string[], pattern: RegExp): boolean {
  return found.length === 0 || (found.length === 1 && pattern.test(found[0] ?? ""));
}

function tagOf(version: string): string {
  const tag = version.replaceAll("+", "_");
  if (TAG.test(tag)) return tag;
  throw new SlipwayError("USAGE", `the version "${version}" cannot be a tag`, {
    hint: "Write one behind the repository: oci://host/repository:tag.",
  });
}

function wrong(text: string, reason: string): SlipwayError {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return new SlipwayError("USAGE", `${JSON.stringify(shown)} is no registry reference: ${reason}`, {
    hint: "Write it as oci://host[:port]/repository[:tag].",
  });
}
