import { mapAt, textAt } from "@slipway/base";
import type { Cluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { inNimCluster } from "../testing/nim.ts";

const KEY = "nvapi-0123456789012345678901234567";
const TOKEN = "hf_0123456789abcdef";
const env = { NGC_API_KEY: KEY, HF_TOKEN: TOKEN };
const seen = (exit: number, out: string, err = "") => ({ exit, out, err });

/** A secret as it lies in the cluster, its values decoded. */
function stored(cluster: Cluster, name: string): unknown {
  const secret = cluster.objects("Secret", "nim").find((object) => textAt(object, "metadata", "name") === name);
  const values = Object.keys(mapAt(secret, "data")).map((key) => [key, atob(textAt(secret, "data", key))]);
  return { type: textAt(secret, "type"), ...Object.fromEntries(values), ...mapAt(secret, "stringData") };
}

const BOTH = 'Secret "ngc-secret" created in namespace "nim"\nSecret "ngc-api-secret" created in namespace "nim"\n';

test("a key of NGC from the environment makes both secrets", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    expect(await run("secret ngc --from-env=NGC_API_KEY", { env })).toEqual(seen(0, BOTH));
    expect(stored(cluster, "ngc-api-secret")).toEqual({ type: "Opaque", NGC_API_KEY: KEY });
    expect(stored(cluster, "ngc-secret")).toEqual({
      type: "kubernetes.io/dockerconfigjson",
      ".dockerconfigjson": JSON.stringify({
        auths: { "nvcr.io": { username: "$oauthtoken", password: KEY, auth: btoa(`$oauthtoken:${KEY}`) } },
      }),
    });
  });
});

test("a token from standard input, with an odd look", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    expect(await run("secret hf mine --from-stdin", { stdin: "some-token\n" })).toEqual(
      seen(
        0,
        'Secret "mine" created in namespace "nim"\n',
        "warning: the key does not look like a Hugging Face token (hf_...)\n",
      ),
    );
    expect(stored(cluster, "mine")).toEqual({ type: "Opaque", HF_TOKEN: "some-token" });
  });
});

test("on a terminal the key is asked for, and not shown", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    const { exit, out, err } = await run("secret hf", { tty: true, keys: [TOKEN, "\r"] });
    expect({ exit, out }).toEqual({ exit: 0, out: 'Secret "hf-api-secret" created in namespace "nim"\n' });
    expect(err).toContain("Hugging Face token");
    expect(err).not.toContain(TOKEN);
    expect(stored(cluster, "hf-api-secret")).toEqual({ type: "Opaque", HF_TOKEN: TOKEN });
  });
});

test("what is printed holds no key, in any form", async () => {
  await inNimCluster(async ({ run }) => {
    const hidden = (form: string) => run(`secret ngc --from-env=NGC_API_KEY --replace -o ${form} --debug`, { env });
    expect((await run("secret hf --from-env=HF_TOKEN --dry-run=client -o yaml", { env })).out).toBe(
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: hf-api-secret\n  namespace: nim\nstringData:\n" +
        "  HF_TOKEN: (redacted)\ntype: Opaque\n",
    );
    for (const form of ["yaml", "json", "jsonpath={.items[*]}", "name"]) {
      const { exit, out, err } = await hidden(form);
      expect(exit).toBe(0);
      for (const secret of [KEY, btoa(KEY), btoa(`$oauthtoken:${KEY}`)]) expect(out + err).not.toContain(secret);
    }
  });
});

test("a secret that is there is not touched, nor is the other one made; --replace puts the key in", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "ngc-api-secret", namespace: "nim" },
      type: "Opaque",
      data: { NGC_API_KEY: btoa("old"), HF_TOKEN: btoa("kept") },
    });
    const line = "secret ngc --from-env=NGC_API_KEY";
    expect(await run(line, { env })).toEqual(
      seen(
        2,
        "",
        'error: Secret "ngc-api-secret" exists already in namespace "nim"\n' +
          "  Put the key into it with --replace, or choose another name.\n",
      ),
    );
    expect(cluster.objects("Secret", "nim")).toHaveLength(1);
    expect(await run(`${line} --only=api --replace`, { env })).toEqual(
      seen(0, 'Secret "ngc-api-secret" written in namespace "nim"\n'),
    );
    expect(stored(cluster, "ngc-api-secret")).toMatchObject({ type: "Opaque", HF_TOKEN: "kept" });
    expect(await run(`${line} --only=pull`, { env })).toEqual(
      seen(0, 'Secret "ngc-secret" created in namespace "nim"\n'),
    );
  });
});

test("a dry run of the server stores nothing; refusals hold no key", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    expect(await run("secret hf --from-env=HF_TOKEN --dry-run=server", { env })).toEqual(
      seen(0, 'Secret "hf-api-secret" created in namespace "nim" (server dry run)\n'),
    );
    expect(cluster.objects("Secret", "nim")).toEqual([]);
    expect(await run("secret hf --from-env=HF_TOKEN -n nope", { env })).toEqual(
      seen(
        3,
        "",
        'error: the cluster has no namespace "nope"\n  Make it with kubectl create namespace nope, or name another with -n.\n',
      ),
    );
    cluster.allow(() => false);
    expect(await run("secret hf --from-env=HF_TOKEN", { env })).toEqual(
      seen(
        4,
        "",
        "error: Secret nim/hf-api-secret: you may not write it\n" +
          "  See what you may do with kubectl auth can-i create secrets -n nim.\n",
      ),
    );
    cluster.allow(() => true);
    cluster.fault({ when: ({ method }) => method === "POST", reason: "Invalid" });
    expect(await run("secret hf --from-env=HF_TOKEN", { env })).toEqual(
      seen(
        2,
        "",
        "error: Secret nim/hf-api-secret: the server does not take it\n" +
          "  A secret of another type cannot be made into this one: delete it with kubectl delete secret hf-api-secret -n nim.\n",
      ),
    );
  });
});
