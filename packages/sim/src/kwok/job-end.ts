/**
 * The status that a pod of a Job has when its containers have ended, as the template of a Stage.
 *
 * @param exitCode of each container; 0 is success
 * @param reason as kubelets call it, `Completed`
 */
export function jobEndTemplate(exitCode: number, reason: string): string {
  return `
{{ $now := Now }}
{{ $root := . }}
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: false
  restartCount: 0
  started: false
  state:
    terminated:
      exitCode: ${exitCode}
      finishedAt: {{ $now | Quote }}
      reason: ${reason}
      startedAt: {{ $root.status.startTime | Quote }}
{{ end }}
phase: ${exitCode === 0 ? "Succeeded" : "Failed"}
`;
}
