import { createHash } from "node:crypto";
import { SlipwayError, compactJson } from "@slipway/base";
import type { Bundle } from "../../model.ts";
import { packFiles } from "../pack.ts";
import { replaceFile } from "../write-archive.ts";
import type { Credentials } from "./docker-config.ts";
import { formatOciReference, type OciReference } from "./reference.ts";
import { Registry } from "./registry.ts";
import { fetchTransport, insecureTransport } from "./transport.ts";

/** What a bundle is called in a registry. */
export const ARTIFACT_TYPE = "application/vnd.slipway.bundle.v1";

/** Media types of the OCI image specification 1.1. */
const MEDIA = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  empty: "application/vnd.oci.empty.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
} as const;

/** How a bundle is pushed. */
export interface PushOptions {
  /** Version of the bundle, for the manifest's annotation. */
  readonly version: string;
  readonly plainHttp?: boolean | undefined;
  /** Takes any certificate. */
  readonly insecureTls?: boolean | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Asked once, when the registry wants a login; see {@link dockerCredentials}. */
  readonly credentials?: ((registry: string) => Promise<Credentials | undefined>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that one request may take; 2 minutes unless told. */
  readonly timeout?: number | undefined;
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** What was pushed. */
export interface PushedBundle {
  /** `host/repository:tag@sha256:…`. */
  readonly reference: string;
  readonly digest: string;
  /** Bytes of the layer. */
  readonly bytes: number;
}

interface Blob {
  readonly digest: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Pushes a bundle to a registry as an OCI artifact of one layer, which Flux, Argo CD, ORAS and `tar` can unpack. The
 * same bundle has the same digest, whenever and wherever it is pushed.
 *
 * @throws SlipwayError CONFLICT when the reference has a digest and the bundle another; NOT_ALLOWED, NOT_FOUND, TIMED_OUT
 * or UNAVAILABLE with registry and repository; the signal's reason
 */
export async function pushBundle(
  bundle: Pick<Bundle, "files">,
  reference: OciReference,
  options: PushOptions,
): Promise<PushedBundle> {
  const layer = blobOf(packFiles(bundle.files));
  const config = blobOf(new TextEncoder().encode("{}"));
  const manifest = blobOf(new TextEncoder().encode(manifestOf(config, layer, options.version)));
  if (reference.digest !== undefined && reference.digest !== manifest.digest) {
    throw new SlipwayError("CONFLICT", `the bundle has the digest ${manifest.digest}, not ${reference.digest}`, {
      hint: "Leave the digest out to push this bundle.",
    });
  }
  const registry = new Registry(reference, registryOptions(reference, options));
  for (const blob of [layer, config]) await upload(registry, blob);
  await putManifest(registry, reference.tag, manifest);
  return {
    reference: formatOciReference({ ...reference, digest: manifest.digest }),
    digest: manifest.digest,
    bytes: layer.bytes.length,
  };
}

/** Writes the references of what was pushed to a file, one a line, for the tools that sign or deploy it. */
export async function writeImageReferences(file: string, pushed: readonly PushedBundle[]): Promise<void> {
  await replaceFile(file, pushed.map(({ reference }) => `${reference}\n`).join(""));
}

function registryOptions(reference: OciReference, options: PushOptions): ConstructorParameters<typeof Registry>[1] {
  const { plainHttp = false, insecureTls = false, fetch = globalThis.fetch, sleep } = options;
  return {
    transport: insecureTls && !plainHttp ? insecureTransport : fetchTransport(fetch),
    credentials: async () => await options.credentials?.(reference.registry),
    plainHttp,
    signal: options.signal ?? new AbortController().signal,
    timeout: options.timeout ?? 120_000,
    sleep,
  };
}

function blobOf(content: Uint8Array): Blob {
  const bytes = Uint8Array.from(content);
  return { bytes, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
}

function manifestOf(config: Blob, layer: Blob, version: string): string {
  return compactJson({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    artifactType: ARTIFACT_TYPE,
    config: { mediaType: MEDIA.empty, digest: config.digest, size: config.bytes.length },
    layers: [{ mediaType: MEDIA.layer, digest: layer.digest, size: layer.bytes.length }],
    annotations: { "org.opencontainers.image.version": version },
  });
}

async function upload(registry: Registry, blob: Blob): Promise<void> {
  const known = await registry.send("HEAD", new URL(`blobs/${blob.digest}`, registry.base));
  // Registries that keep blobs elsewhere send a redirect for one that they have.
  if (known.status >= 200 && known.status < 400) return;
  if (known.status !== 404) throw registry.refusal("asking for a layer", known);
  const started = await registry.send("POST", new URL("blobs/uploads/", registry.base), {
    headers: { "content-length": "0" },
  });
  const location = started.headers.get("location");
  if (started.status !== 202 || location === null) throw registry.refusal("starting an upload", started);
  const target = uploadTarget(registry, location);
  target.searchParams.set("digest", blob.digest);
  const headers = { "content-type": "application/octet-stream", "content-length": String(blob.bytes.length) };
  const done = await registry.send("PUT", target, { headers, body: blob.bytes });
  if (done.status !== 201) throw registry.refusal("uploading a layer", done);
}

function uploadTarget(registry: Registry, location: string): URL {
  const url = URL.parse(location, registry.base);
  if (url !== null && (url.protocol === "https:" || url.protocol === registry.base.protocol)) return url;
  throw new SlipwayError(
    "UNAVAILABLE",
    `the registry at ${registry.base.host} sends uploads to ${JSON.stringify(location.slice(0, 200))}`,
  );
}

async function putManifest(registry: Registry, tag: string, manifest: Blob): Promise<void> {
  const headers = { "content-type": MEDIA.manifest };
  const done = await registry.send("PUT", new URL(`manifests/${tag}`, registry.base), {
    headers,
    body: manifest.bytes,
  });
  if (done.status !== 201) throw registry.refusal("writing the manifest", done);
  const digest = done.headers.get("docker-content-digest");
  if (digest !== null && digest !== manifest.digest)
    throw new SlipwayError(
      "UNAVAILABLE",
      `the registry at ${registry.base.host} stored ${digest.slice(0, 80)} in place of ${manifest.digest}`,
    );
}
