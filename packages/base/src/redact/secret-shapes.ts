import { REDACTED } from "./marker.ts";

/** A form of secret that is known by its look, wherever it stands. */
interface Shape {
  /** Without one of these the pattern cannot match; looking for them is much cheaper. */
  readonly hint: RegExp;
  readonly pattern: RegExp;
  readonly replace: (match: string, ...groups: readonly string[]) => string;
}

/**
 * Each pattern takes time that grows with the text alone: runs are bounded, and start only where no run can go on from
 * before.
 */
export const SHAPES: readonly Shape[] = [
  // Private keys in PEM, also cut off, and with \n written out.
  whole(
    /-----BEGIN/,
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[^])*(?:-----END [A-Z0-9 ]{0,40}-----)?/g,
  ),
  // The same in base64, as kubeconfigs and Secrets have it.
  when(/LS0tLS1CRUdJTi/, /(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/=]+/g, (text) =>
    decoded(text.slice(0, 80)).includes("PRIVATE KEY"),
  ),
  // JSON web tokens (RFC 7519): two parts of JSON in base64url, and a signature.
  whole(/eyJ/, /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g),
  // HTTP authentication (RFC 6750, RFC 7617).
  after(/bearer/i, /\b(bearer\s{1,4})([\w.~+/=-]{8,})/gi, (token) => token.length >= 20 || /\d/.test(token)),
  after(/basic/i, /\b(basic\s{1,4})([A-Za-z0-9+/]{8,}={0,2})/gi, (token) => decoded(token).includes(":")),
  // A password in an address, and a token in the place of the user.
  after(/@/, /((?<![\w+.-])[a-z][\w+.-]{0,31}:\/\/[^\s/?#@:"']{0,256}:)([^\s/?#"']{1,2048})(?=@)/gi),
  after(/@/, /((?<![\w+.-])[a-z][\w+.-]{0,31}:\/\/)([^\s/?#@:"']{20,512})(?=@)/gi, (user) => /\d/.test(user)),
  // The same without a scheme, as image names have it. `image:tag@sha256:…` has no dot behind the @.
  after(
    /@/,
    /((?<![\w./:@-])(?!mailto:|man:|info:|uid:)[\w.-]{1,64}:)([^\s/:@"',]{1,512})(?=@[A-Za-z0-9-]{1,63}\.[A-Za-z0-9.-]{1,63})/g,
  ),
  // The login of a registry in a docker configuration, also inside of other JSON text.
  after(/"auth/, /("auth\\{0,2}"[ \t]{0,4}:[ \t]{0,4}\\{0,2}")([A-Za-z0-9+/]{6,2048}={0,2})(?=\\{0,2}")/g, (login) =>
    decoded(login).includes(":"),
  ),
  // Signed addresses of clouds.
  after(/[?&]/, /([?&](?:sig|x-amz-signature|x-amz-credential|x-goog-signature)=)([^&\s"'#]+)/gi),
  // curl -u user:password
  after(/curl/, /(\bcurl\b[^\n]{0,400}?\s(?:-u|--user)[= ]\s{0,4}[^\s:"']{1,64}:)([^\s"']{1,512})/g),
  when(/sk-/, /(?<![A-Za-z0-9-])sk-[\w-]{20,255}/g, (text) => /\d/.test(text) && /[A-Z]/.test(text)),
  // The token of a k3s or RKE2 cluster.
  whole(/::/, /(?<![A-Za-z0-9])K10[0-9a-f]{32,128}::[^\s"']{1,256}/g),
  // Keys with a mark of whom they are for: AWS, GitHub, GitLab, NVIDIA, Hugging Face, Stripe, Slack, Google, npm, PyPI,
  // Docker, DigitalOcean, Vault, Tailscale, SendGrid, age.
  whole(
    /A[KSBC][IC]A|AIza|gh[pousr]_|github_pat_|gl[a-z]+-|nvapi-|hf_|[rs]k_[lt]|xox|npm_|pypi-|dckr_|do[por]_v1|hv[sbr]\.|tskey-|SG\.|ya29|KEY-1/,
    new RegExp(
      `(?<![A-Za-z0-9])(?:${[
        "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
        "gh[pousr]_[A-Za-z0-9]{20,255}",
        "github_pat_\\w{20,255}",
        "gl(?:pat|dt|rt|ptt|agent)-[\\w-]{16,255}",
        "nvapi-[\\w-]{16,255}",
        "hf_[A-Za-z0-9]{20,255}",
        "(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,255}",
        "xox[abeprs]-[A-Za-z0-9-]{10,255}",
        "AIza[\\w-]{35}",
        "ya29\\.[\\w-]{20,512}",
        "npm_[A-Za-z0-9]{36}",
        "pypi-AgE[\\w-]{20,512}",
        "dckr_[po]at_[\\w-]{20,255}",
        "do[por]_v1_[a-f0-9]{32,128}",
        "hv[sbr]\\.[\\w-]{20,512}",
        "tskey-[a-z]+-[\\w-]{10,128}",
        "SG\\.[\\w-]{16,64}\\.[\\w-]{16,128}",
        "AGE-SECRET-KEY-1[A-Z0-9]{20,128}",
      ].join("|")})`,
      "g",
    ),
  ),
];

/** Whether any of the patterns could match. */
export function maybeSecretShape(text: string): boolean {
  return ANY_HINT.test(text);
}

const ANY_HINT = new RegExp(SHAPES.map(({ hint }) => hint.source).join("|"), "i");

function whole(hint: RegExp, pattern: RegExp): Shape {
  return { hint, pattern, replace: () => REDACTED };
}

function when(hint: RegExp, pattern: RegExp, isSecret: (text: string) => boolean): Shape {
  return { hint, pattern, replace: (match) => (isSecret(match) ? REDACTED : match) };
}

/** What the second group holds is taken out, if it is a secret. */
function after(hint: RegExp, pattern: RegExp, isSecret: (secret: string) => boolean = () => true): Shape {
  return {
    hint,
    pattern,
    replace: (match, head = "", secret = "") =>
      secret !== REDACTED && isSecret(secret) ? `${head}${REDACTED}` : match,
  };
}

/** @returns an empty text for what is no base64 */
export function decoded(text: string): string {
  const sound = text.replace(/=+$/, "");
  try {
    return atob(sound.slice(0, sound.length - (sound.length % 4 === 1 ? 1 : 0)));
  } catch {
    return "";
  }
}
