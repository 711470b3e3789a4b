import type { Reading } from "../../model.ts";
import { cutText } from "../cut-text.ts";

/** First in what we write, because they answer the first question. */
const STATE = ["LoadState", "ActiveState", "SubState", "UnitFileState"] as const;

/** Properties that are not measured, each group with its reason. */
const LEFT_OUT: readonly (readonly [name: RegExp, reason: string])[] = [
  [/^(Environment|PassEnvironment|UnsetEnvironment)$/, "environments hold credentials"],
  [/Credential|^StandardInputData$|^RootHash|PKCS11/i, "credentials, or data that is handed over"],
  [/Timestamp(Monotonic)?$/, "moments"],
  [/PIDs?$|^(InvocationID|ControlGroupId|GID|UID)$/, "identities of one run"],
  [/^ExecMain|^Status(Text|Errno|BusError|VarlinkError)$/, "about one run"],
  [/^(NRestarts|NFileDescriptorStore|TasksCurrent|CPUUsageNSec)$/, "counters"],
  [/^Memory(Current|Peak|Available|SwapCurrent|SwapPeak|ZSwapCurrent)$/, "use of memory"],
  [/^IP(In|E)gress(Bytes|Packets)$|^IO(Read|Write)(Bytes|Operations)$/, "counters"],
  [/^(Job|Jobs|Markers|Condition(s|Result)|Assert(s|Result)|ActivationDetails)$/, "about the last start"],
  [/^Exec\w+Ex$/, "the same as without Ex"],
  [/^KeyringMode$/, "always the same for services, and a search for secrets trips over its name"],
  [/^(CapabilityBoundingSet|AmbientCapabilities|SystemCall\w+|RestrictNamespaces)$/, "long lists of names"],
  [/^(CPUAffinity|NUMAMask|AllowedCPUs|AllowedMemoryNodes|Effective\w+|LogExtraFields|LogFilterPatterns)$/, "masks"],
  [/^(Documentation|DevicePolicyEx|DeviceAllow|BPFProgram|IPAddress\w+|RefuseManual\w+)$/, "without effect on a node"],
  [/^(AppArmorProfile|SELinuxContext|SmackProcessLabel|RestrictAddressFamilies|LoadError)$/, "structures"],
  [/ExitStatus$|^(CoredumpFilter|MountFlags|NUMAPolicy|TTYColumns|TTYRows)$/, "numbers of which systemctl shows some"],
  [/^(RootImageOptions|ExtensionImages|MountImages|RestrictFileSystems|RestrictNetworkInterfaces)$/, "structures"],
];

/** Lists that systemd keeps without an order, so that they come in another one every time. */
const SETS =
  /^(After|Before|Requires|Requisite|Wants|BindsTo|PartOf|Upholds|RequiredBy|RequisiteOf|WantedBy|BoundBy|ConsistsOf|UpheldBy|Conflicts|ConflictedBy|OnSuccess|OnFailure|OnSuccessOf|OnFailureOf|Triggers|TriggeredBy|PropagatesReloadTo|ReloadPropagatedFrom|PropagatesStopTo|StopPropagatedFrom|JoinsNamespaceOf|SliceOf|RequiresMountsFor|WantsMountsFor|Names)$/;

/** Properties of a unit as text, as `systemctl show` prints them. */
export type UnitProperties = ReadonlyMap<string, string>;

/**
 * The readings of a unit: its state first, then by name. `yes` and `no` become true and false, whole numbers numbers,
 * what is empty or not set is left out, what has no order is sorted. Of a unit that is not there only the state is told.
 */
export function unitReadings(properties: UnitProperties): ReadonlyMap<string, Reading> {
  const there = properties.get("LoadState") !== "not-found";
  const others = [...properties.keys()].filter((name) => !isState(name) && isMeasured(name)).sort();
  const names: readonly string[] = there ? [...STATE, ...others] : STATE;
  const readings = names.flatMap((name): readonly (readonly [string, Reading])[] => {
    const text = properties.get(name) ?? "";
    const reading = readingOf(SETS.test(name) ? text.split(" ").sort().join(" ") : text);
    return reading === undefined ? [] : [[name, reading]];
  });
  return new Map(readings);
}

function isState(name: string): boolean {
  return STATE.some((state) => state === name);
}

function isMeasured(name: string): boolean {
  return !LEFT_OUT.some(([pattern]) => pattern.test(name));
}

function readingOf(text: string): Reading | undefined {
  if (text === "" || text === "[not set]" || text === "[no data]" || text === "n/a") return undefined;
  if (text === "yes") return true;
  if (text === "no") return false;
  if (/^(0|-?[1-9]\d{0,14})$/.test(text)) return Number(text);
  return cutText(text);
}
