import { shellWords } from "./shell.ts";

/**
 * The command that unpacks a bundle of a registry into the current folder. Its one layer has no title, so `oras pull` has
 * no name to write it to: the layer is read by its digest.
 *
 * @param repository `host/repository`
 * @param version a tag, or a digest
 */
export function unpackCommand(repository: string, version: string, isPlainHttp: boolean): string {
  const flag = isPlainHttp ? "--plain-http " : "";
  const name = shellWords([`${repository}${version.startsWith("sha256:") ? "@" : ":"}${version}`]);
  const digest = `$(oras manifest fetch ${flag}${name} | jq --raw-output '.layers[0].digest')`;
  return `oras blob fetch ${flag}--output - ${shellWords([repository])}@"${digest}" | tar -xz`;
}
