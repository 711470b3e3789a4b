/** What a registry wants to be proven, from its `WWW-Authenticate` header (RFC 7235, RFC 6750). */
export type Challenge =
  | { readonly scheme: "basic" }
  | {
      readonly scheme: "bearer";
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

const PARAMETER = /(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;

/** Reads the header; of several challenges, bearer is taken first. Nothing when there is none that is known. */
export function parseChallenge(header: string | null): Challenge | undefined {
  if (header === null) return undefined;
  const bearer = /(?:^|,\s*)bearer\s+(.*)$/i.exec(header)?.[1];
  if (bearer !== undefined) {
    const parameters = new Map<string, string>();
    for (const [, name = "", quoted, bare] of bearer.matchAll(PARAMETER)) {
      const key = name.toLowerCase();
      if (!parameters.has(key)) parameters.set(key, quoted?.replaceAll(/\\(.)/g, "$1") ?? bare ?? "");
    }
    const realm = parameters.get("realm");
    if (realm !== undefined)
      return { scheme: "bearer", realm, service: parameters.get("service"), scope: parameters.get("scope") };
  }
  return /(?:^|,\s*)basic\b/i.test(header) ? { scheme: "basic" } : undefined;
}
