import { compareBytes, compareNatural, textAt } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { mapsAt } from "./at.ts";
import type { Fold } from "./fold-list.ts";

/** Tags by repository: an image's name without registry, tag and digest. */
export type Images = Map<string, Set<string>>;

/** Keeps the images of pods: those of init and ephemeral containers too. */
export const IMAGES_OF_PODS: Fold<Images> = { start: () => new Map(), add: addImages };

const CONTAINERS = ["initContainers", "containers", "ephemeralContainers"] as const;

function addImages(images: Images, pod: KubeObject): void {
  for (const list of CONTAINERS) {
    for (const container of mapsAt(pod, "spec", list)) {
      const image = textAt(container, "image");
      if (image === "") continue;
      const { repository, tag } = parseImage(image);
      const tags = images.get(repository);
      if (tags === undefined) images.set(repository, new Set([tag]));
      else tags.add(tag);
    }
  }
}

/** An image's name without its registry. */
export interface ImageName {
  /** `nvidia/k8s/dcgm`; without the `library/` that Docker Hub puts before its own. */
  readonly repository: string;
  /** `latest` when the image names none; a digest is left out. */
  readonly tag: string;
}

/** Takes an image reference apart. The first part is a registry when it has a dot or a colon or is `localhost`. */
export function parseImage(image: string): ImageName {
  const [name = ""] = image.split("@", 1);
  const slash = name.indexOf("/");
  const first = slash === -1 ? "" : name.slice(0, slash);
  const path = /[.:]/.test(first) || first === "localhost" ? name.slice(slash + 1) : name;
  const colon = path.lastIndexOf(":");
  const [repository, tag] = colon > path.lastIndexOf("/") ? [path.slice(0, colon), path.slice(colon + 1)] : [path, ""];
  return { repository: repository.replace(/^library\//, ""), tag: tag === "" ? "latest" : tag };
}

/**
 * The readings of K8s `image`: the last part of a name (`gpu-operator`) to its tag; several tags stand sorted with commas
 * between them. Where several repositories end in the same name, each of them stands for itself too (`nvidia/driver`), so
 * that it shows which tag is whose.
 */
export function imageReadings(images: Images): ReadonlyMap<string, string> {
  const byName = new Map<string, (readonly [string, ReadonlySet<string>])[]>();
  for (const entry of images) {
    const name = entry[0].slice(entry[0].lastIndexOf("/") + 1);
    byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  const readings = [...byName].flatMap(([name, repositories]) => {
    const all = new Set(repositories.flatMap(([, tags]) => [...tags]));
    const apart = repositories.length > 1 ? repositories.filter(([repository]) => repository !== name) : [];
    return [[name, all] as const, ...apart];
  });
  return new Map(
    readings
      .sort(([left], [right]) => compareBytes(left, right))
      .map(([name, tags]): readonly [string, string] => [name, [...tags].sort(compareNatural).join(",")]),
  );
}
