import { expect, test } from "vitest";
import { inNimCluster } from "../testing/nim.ts";

test("name and namespace come from the file where the line has none", async () => {
  const object = (spec: string) =>
    `apiVersion: apps.nvidia.com/v1alpha1\nkind: NIMService\nmetadata: {name: llama, namespace: lab}\nspec: ${spec}\n`;
  await inNimCluster(
    async ({ run }) => {
      expect(await run("create nimservice --from-file=a.yaml")).toEqual({
        exit: 0,
        out: 'NIMService "llama" created in namespace "lab"\n',
        err: "",
      });
      expect(await run("create nimservice --from-file=a.yaml -n nim")).toEqual({
        exit: 2,
        out: "",
        err: 'error: a.yaml: metadata.namespace: expected nim, which is the namespace that is meant (-n), found "lab"\n',
      });
    },
    {
      namespaces: ["nim", "lab"],
      files: { "a.yaml": object("{image: {repository: a/b, tag: '1'}, storage: {pvc: {name: m}}}") },
    },
  );
});
