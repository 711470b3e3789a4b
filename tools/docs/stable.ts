/** What was printed, without what differs from run to run. */

/** What a command ran with. */
export interface Circumstances {
  readonly folder: string;
  /** Address of the cluster, if there is one. */
  readonly server: string | undefined;
  /** Its kubeconfig. */
  readonly kubeconfig: string | undefined;
  /** When it started, in milliseconds. */
  readonly started: number;
}

/** The moment at which all pages are written. */
const MOMENT = Date.UTC(2026, 0, 15, 9, 30, 0);
const DAY_MS = 86_400_000;

/**
 * Puts fixed values in the place of those that differ from run to run: the folder, the address of the cluster, moments
 * around now, durations of reports, and the random parts of names.
 */
export function stable(printed: string, { folder, server, kubeconfig, started }: Circumstances): string {
  const isNow = (milliseconds: number): boolean => Math.abs(milliseconds - started) < DAY_MS;
  const second = new Date(MOMENT).toISOString().slice(0, "2026-01-15T09:30:00".length);
  return (
    printed
      .replaceAll(folder, "~/gpu")
      .replaceAll(server ?? "\0", "https://gpu.example.com:6443")
      .replaceAll(kubeconfig ?? "\0", "~/.kube/config")
      .replaceAll(/\b(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z?)/g, (text, moment: string, zone: string) =>
        isNow(Date.parse(`${moment}Z`)) ? `${second}${zone}` : text,
      )
      .replaceAll(/\b(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) \+0000 UTC/g, (text, day: string, time: string) =>
        isNow(Date.parse(`${day}T${time}Z`)) ? `${second.replace("T", " ")} +0000 UTC` : text,
      )
      // How fast a model answered.
      .replaceAll(
        /\b\d+\.\d+ s, \d+\.\d+ tokens\/s, (\d+ tokens) in \d+\.\d+ s/g,
        "0.108 s, 87.4 tokens/s, $1 in 0.257 s",
      )
      .replaceAll(/\b\d{13}\b/g, (text) => (isNow(Number(text)) ? String(MOMENT) : text))
      .replaceAll(/("duration": )\d+/g, "$10")
      .replaceAll(/\b(time=")[\d.]+(?=")/g, "$10.000")
      // Run ids: of validations, and of agents.
      .replaceAll(/\b\d{8}-\d{6}-[0-9a-f]{16}\b/g, "20260115-093000-5c1e7a905c1e7a90")
      .replaceAll(/\b(aicr(?:-[a-z]+)*-)[0-9a-f]{8}\b(?!-\d{6}-)/g, "$15c1e7a90")
      .replaceAll(/\b(the run )[0-9a-f]{8}\b/g, "$15c1e7a90")
  );
}
