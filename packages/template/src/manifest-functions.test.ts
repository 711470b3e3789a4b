import { parseYaml } from "@slipway/base";
import { expect, test } from "vitest";
import { render } from "./index.ts";
import { manifestFunctions } from "./manifest-functions.ts";

const DATA = {
  Values: {
    "gpu-operator": { enabled: false, replicas: 0, labels: { b: "yes", a: 1 }, args: [{ x: 1, y: ["z"] }], text: "" },
  },
  Release: { Namespace: "gpu-operator", Service: "Helm" },
  Chart: { Name: "gpu-operator", Version: "25.3.0" },
};

function rendered(template: string): string {
  return render(template, DATA, { functions: manifestFunctions });
}

test("a manifest is rendered with its component's values", () => {
  const manifest = `{{- $values := index .Values "gpu-operator" -}}
metadata:
  namespace: {{ .Release.Namespace }}
  labels:
    helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
    {{- toYaml $values.labels | nindent 4 }}
spec:
  enabled: {{ $values.enabled | default true }}
  replicas: {{ $values.replicas | default 3 }}
  text: {{ $values.text | default "none" | quote }}
  missing: {{ $values.missing | default "none" }}
  args: {{- toYaml $values.args | nindent 4 }}
`;
  const output = rendered(manifest);
  expect(output).toBe(`metadata:
  namespace: gpu-operator
  labels:
    helm.sh/chart: gpu-operator-25.3.0
    a: 1
    b: "yes"
spec:
  enabled: false
  replicas: 0
  text: "none"
  missing: none
  args:
    - x: 1
      "y":
        - z
`);
  expect(parseYaml(output)).toMatchObject({ spec: { args: [{ x: 1, y: ["z"] }] } });
});

test.each([
  ["{{ toYaml (dict `a` (dict `b` (list 1))) }}|", "a:\n    b:\n        - 1|"],
  ["{{ nindent 2 `a\n\nb` }}|{{ nindent 2 `` }}|", "\n  a\n\n  b|\n|"],
  [
    "{{ default `d` nil }} {{ default `d` `` }} {{ default `d` false }} {{ default `d` 0 }} {{ default `d` list }} {{ default `d` }}",
    "d d false 0 [] d",
  ],
  ["{{ toString 5 }} {{ toString true }} {{ toString (list 1) }} {{ toString nil }}", "5 true [1] <nil>"],
  ["{{ .Values.missing }} {{ indent 2 `a\n\nb` }}", "<no value>   a\n  \n  b"],
])("%s", (template, output) => {
  expect(rendered(template)).toBe(output);
});
