/** What differences are about, in the order in which they are told. */
export const SUBJECTS = [
  "Kubernetes",
  "Kubernetes version",
  "GPU",
  "GPU driver",
  "GPU firmware",
  "GPU hardware",
  "GPU health",
  "Kernel",
  "Operating system",
  "Hardware",
  "Network adapters",
  "Node",
  "Helm releases",
  "Images",
  "Cluster policies",
  "Node labels",
  "Node taints",
  "Nodes",
  "Services",
  "Kernel modules",
  "Sysctl",
  "Other readings",
  "Where readings come from",
  "The snapshot",
] as const;
export type Subject = (typeof SUBJECTS)[number];

interface Rule {
  readonly subject: Subject;
  readonly type: string;
  readonly subtype?: RegExp;
  readonly key?: RegExp;
  /** Whether values are versions, so that a change is an upgrade or a downgrade. */
  readonly versions?: boolean;
}

/** The first rule that fits counts. */
const RULES: readonly Rule[] = [
  { subject: "Kubernetes version", type: "K8s", subtype: /^server$/, key: /^version$/, versions: true },
  { subject: "Kubernetes version", type: "K8s", subtype: /^server$/ },
  { subject: "Kubernetes version", type: "K8s", subtype: /^node$/, key: /^kubelet-version$/, versions: true },
  { subject: "Kernel", type: "K8s", subtype: /^node$/, key: /^kernel-version$/, versions: true },
  { subject: "Operating system", type: "K8s", subtype: /^node$/, key: /^(os-image|operating-system)$/ },
  { subject: "Node", type: "K8s", subtype: /^node$/, key: /-version$/, versions: true },
  { subject: "Node", type: "K8s", subtype: /^node$/ },
  { subject: "Helm releases", type: "K8s", subtype: /^helm/, key: /version$/, versions: true },
  { subject: "Helm releases", type: "K8s", subtype: /^helm/ },
  { subject: "Images", type: "K8s", subtype: /^image/, versions: true },
  { subject: "Cluster policies", type: "K8s", subtype: /^policy/, key: /version$/i, versions: true },
  { subject: "Cluster policies", type: "K8s", subtype: /^policy/ },
  { subject: "GPU health", type: "GPU", subtype: /^health$/ },
  { subject: "GPU firmware", type: "GPU", key: /vbios|firmware|inforom/, versions: true },
  { subject: "GPU driver", type: "GPU", key: /(^|\.)(driver|driver-version|cuda-version)$/, versions: true },
  { subject: "GPU driver", type: "GPU", key: /driver/ },
  { subject: "GPU hardware", type: "GPU" },
  { subject: "Kernel", type: "OS", subtype: /^grub$/ },
  { subject: "Kernel", type: "OS", subtype: /^sysctl$/, key: /kernel[./](osrelease|version)$/, versions: true },
  { subject: "Kernel modules", type: "OS", subtype: /^kmod$/ },
  { subject: "Sysctl", type: "OS", subtype: /^sysctl$/ },
  { subject: "Operating system", type: "OS", subtype: /^release$/, key: /VERSION/, versions: true },
  { subject: "Operating system", type: "OS", subtype: /^release$/ },
  { subject: "Network adapters", type: "OS", subtype: /^nic/, key: /firmware-version$/, versions: true },
  { subject: "Network adapters", type: "OS", subtype: /^nic/ },
  { subject: "Hardware", type: "OS", subtype: /^(cpu|memory|numa|board)/ },
  { subject: "Services", type: "SystemD", key: /^Version$/, versions: true },
  { subject: "Services", type: "SystemD" },
  { subject: "Node labels", type: "NodeTopology", subtype: /^label/ },
  { subject: "Node taints", type: "NodeTopology", subtype: /^taint/ },
  { subject: "Nodes", type: "NodeTopology" },
  { subject: "The snapshot", type: "metadata", key: /^version$/, versions: true },
  { subject: "The snapshot", type: "metadata" },
];

/** What a reading is about. Absent parts of its name are empty. */
export function subjectOf(
  type: string,
  subtype: string,
  key: string,
): { readonly subject: Subject; readonly versions: boolean } {
  const rule = RULES.find(
    (each) =>
      each.type === type && (each.subtype?.test(subtype) ?? true) && (each.key === undefined || each.key.test(key)),
  );
  return { subject: rule?.subject ?? "Other readings", versions: rule?.versions ?? false };
}

/** What a type is about as a whole. */
const TYPES: ReadonlyMap<string, Subject> = new Map([
  ["K8s", "Kubernetes"],
  ["GPU", "GPU"],
  ["OS", "Operating system"],
  ["SystemD", "Services"],
  ["NodeTopology", "Nodes"],
]);

/** What a type that came or went as a whole is about. */
export function subjectOfType(type: string): Subject {
  return TYPES.get(type) ?? "Other readings";
}
