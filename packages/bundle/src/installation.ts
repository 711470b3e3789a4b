import { SlipwayError } from "@slipway/base";
import type { ComponentRef } from "@slipway/recipe";
import type { Installation } from "./model.ts";

const OCI = "oci://";

/**
 * Where the software of a component comes from, as release 0.11.1 of aicr decides: a Kustomize component from its source,
 * another with a source from a chart (named like the component when `chart` is missing), one without a source from its
 * manifests alone.
 *
 * @param archive path of the chart's archive in the bundle, when it was vendored
 * @throws SlipwayError INVALID_INPUT for a text that helm, kubectl or git would take for an option
 */
export function installationOf(component: ComponentRef, archive?: string): Installation {
  refuseOptions(component);
  const { source, version, tag, path } = component;
  if (source === undefined) return { kind: "manifests" };
  if (component.type === "Kustomize") return { kind: "kustomize", source, path, tag };
  const chart = component.chart ?? component.name;
  return { kind: "chart", repository: source, isOci: source.startsWith(OCI), chart, version, archive };
}

/** The address of a chart in an OCI registry: the repository joined with the chart's name. */
export function ociChart(repository: string, chart: string): string {
  return `${repository.replace(/\/+$/, "")}/${chart}`;
}

/** An OCI repository the way Argo CD names it, without the scheme. */
export function withoutOciScheme(repository: string): string {
  return repository.startsWith(OCI) ? repository.slice(OCI.length) : repository;
}

/** The address of a kustomization, as `kubectl apply -k` and kustomize read it: `SOURCE//PATH?ref=TAG`. */
export function kustomizeAddress(source: string, path: string | undefined, tag: string | undefined): string {
  const folder = path === undefined || path === "." ? "" : `//${path.replace(/^\/+/, "")}`;
  return `${source}${folder}${tag === undefined ? "" : `?ref=${encodeURIComponent(tag)}`}`;
}

const COMMAND_FIELDS = ["namespace", "chart", "source", "version", "tag", "path"] as const;

function refuseOptions(component: ComponentRef): void {
  for (const field of COMMAND_FIELDS) {
    const text = component[field];
    if (text === undefined) continue;
    const place = { field: `${component.name}.${field}` };
    if (text.startsWith("-"))
      throw new SlipwayError(
        "INVALID_INPUT",
        `"${text}" starts with a dash, so a program would take it for an option`,
        {
          place,
        },
      );
    if (/[\u0000-\u001f\u007f]/.test(text))
      throw new SlipwayError("INVALID_INPUT", "control characters and line breaks are not allowed here", { place });
  }
}
