/** What a secret is for. */
export type SecretKey = "pullSecret" | "authSecret" | "altSecret";

/** What each secret is for: its usual name, its type, and the key that must be in it (NIM Operator). */
export const SECRET_KINDS = {
  pullSecret: {
    name: "ngc-secret",
    type: "kubernetes.io/dockerconfigjson",
    key: ".dockerconfigjson",
    use: "pulls images from nvcr.io",
    owner: "ngc",
  },
  authSecret: { name: "ngc-api-secret", type: "Opaque", key: "NGC_API_KEY", use: "reads models of NGC", owner: "ngc" },
  altSecret: { name: "hf-api-secret", type: "Opaque", key: "HF_TOKEN", use: "reads models of the hub", owner: "hf" },
} as const satisfies Record<SecretKey, SecretKind>;

interface SecretKind {
  readonly name: string;
  readonly type: string;
  readonly key: string;
  readonly use: string;
  /** Whose key makes it. */
  readonly owner: "ngc" | "hf";
}
