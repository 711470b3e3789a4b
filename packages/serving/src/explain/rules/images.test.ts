import { expect, test } from "vitest";
import { cache, secret, service, told, waiting, warning } from "../testing/situation.ts";

const IMAGE = "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6";
const POD = "llama-6d4cf56db6-x7k2p";

test("a name that is none", () => {
  const pods = [
    waiting(
      "InvalidImageName",
      'Failed to apply default image tag "nvcr.io/nim/Meta:1": invalid',
      "nvcr.io/nim/Meta:1",
    ),
  ];
  expect(told(service({ pods }))).toMatchInlineSnapshot(`
    "[image-name-invalid] nimservice nim/llama: has a problem

    Cause:     "nvcr.io/nim/Meta:1" is no name of an image.
    Next:      Write a repository such as nvcr.io/nim/meta/llama-3.1-8b-instruct and a tag.
               kubectl patch nimservice llama --type=merge -p '{"spec":{"image":{"repository":"REPOSITORY","tag":"TAG"}}}' -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: InvalidImageName: Failed to apply default image tag "nvcr.io/nim/Meta:1": invalid
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr InvalidImageName
    "
  `);
});

test("a tag that does not exist", () => {
  const message = `rpc error: code = NotFound desc = failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": ${IMAGE}: not found`;
  expect(told(service({ pods: [waiting("ErrImagePull", message)] }))).toMatchInlineSnapshot(`
    "[image-not-found] nimservice nim/llama: has a problem

    Cause:     The registry has no image nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6: repository or tag is wrong.
    Next:      Correct repository and tag.
               kubectl patch nimservice llama --type=merge -p '{"spec":{"image":{"repository":"REPOSITORY","tag":"TAG"}}}' -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6": failed to resolve reference "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6": nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6: not found
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr ErrImagePull
    "
  `);
});

test("a model puller that does not exist", () => {
  const pods = [waiting("ImagePullBackOff", `Back-off pulling image "${IMAGE}"`)];
  const events = [warning("Pod", POD, "Failed", `Failed to pull image "${IMAGE}": manifest unknown`, 4)];
  expect(told(cache({ pods, events }))).toMatchInlineSnapshot(`
    "[image-not-found] nimcache nim/llama-cache: has a problem

    Cause:     The registry has no image nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6: repository or tag is wrong.
    Next:      Correct repository and tag. The model puller of a cache cannot be changed: delete the cache and create it again.
               kubectl nim delete nimcache llama-cache -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: ImagePullBackOff: Failed to pull image "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6": manifest unknown
      nimcache nim/llama-cache: Started
      condition NIM_CACHE_JOB_CREATED is True (JobCreated): The Job to cache NIM has been created
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr ImagePullBackOff
    "
  `);
});

const UNAUTHORIZED = `failed to pull and unpack image "${IMAGE}": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://nvcr.io/proxy_auth: 401 Unauthorized`;

test("a key that the registry does not accept", () => {
  expect(told(service({ pods: [waiting("ErrImagePull", UNAUTHORIZED)] }))).toMatchInlineSnapshot(`
    "[image-refused] nimservice nim/llama: has a problem

    Cause:     nvcr.io does not accept the key in the pull secret "ngc-secret".
    Next:      Make a key at NGC that may use this image (accept its licence there), and put it into the secret.
               kubectl nim secret ngc --only pull --replace -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: ErrImagePull: failed to pull and unpack image "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://nvcr.io/proxy_auth: 401 Unauthorized
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr ErrImagePull
    "
  `);
});

test("a key that must not have the image", () => {
  const message = `failed to resolve reference "${IMAGE}": unexpected status from HEAD request: 403 Forbidden`;
  expect(told(service({ pods: [waiting("ErrImagePull", message)] }))).toMatchInlineSnapshot(`
    "[image-refused] nimservice nim/llama: has a problem

    Cause:     nvcr.io does not let the key in the pull secret "ngc-secret" have nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6, or has no such image.
    Next:      Make a key at NGC that may use this image (accept its licence there), and put it into the secret.
               kubectl nim secret ngc --only pull --replace -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: ErrImagePull: failed to resolve reference "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6": unexpected status from HEAD request: 403 Forbidden
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr ErrImagePull
    "
  `);
});

test("a pull secret that does not exist", () => {
  const secrets = new Map([["ngc-secret", { state: "missing" as const }]]);
  expect(told(service({ pods: [waiting("ErrImagePull", UNAUTHORIZED)], secrets }))).toMatchInlineSnapshot(`
    "[pull-secret-missing] nimservice nim/llama: has a problem

    Cause:     The pull secret "ngc-secret" does not exist in namespace "nim".
    Next:      Make it; the key is asked for.
               kubectl nim secret ngc --only pull -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: ErrImagePull: failed to pull and unpack image "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://nvcr.io/proxy_auth: 401 Unauthorized
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr ErrImagePull
    "
  `);
});

test("a pull secret of the wrong type", () => {
  const secrets = new Map([secret("ngc-secret", "Opaque", ["NGC_API_KEY"])]);
  expect(told(service({ pods: [waiting("ErrImagePull", UNAUTHORIZED)], secrets }))).toMatchInlineSnapshot(`
    "[pull-secret-wrong-type] nimservice nim/llama: has a problem

    Cause:     The pull secret "ngc-secret" has the type Opaque; images are pulled with kubernetes.io/dockerconfigjson.
    Next:      A secret cannot change its type: delete it, then make it anew (kubectl nim secret ngc).
               kubectl delete secret ngc-secret -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: ErrImagePull: failed to pull and unpack image "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://nvcr.io/proxy_auth: 401 Unauthorized
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr ErrImagePull
    "
  `);
});

test("a pull secret for another registry", () => {
  const secrets = new Map([
    secret("ngc-secret", "kubernetes.io/dockerconfigjson", [".dockerconfigjson"], ["docker.io"]),
  ]);
  expect(told(service({ pods: [waiting("ErrImagePull", UNAUTHORIZED)], secrets }))).toMatchInlineSnapshot(`
    "[pull-secret-other-registry] nimservice nim/llama: has a problem

    Cause:     The pull secret "ngc-secret" has no credentials for nvcr.io, only for docker.io.
    Next:      Put a key into the secret that may pull the image; it is asked for.
               kubectl nim secret ngc --only pull --replace -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: ErrImagePull: failed to pull and unpack image "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://nvcr.io/proxy_auth: 401 Unauthorized
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr ErrImagePull
    "
  `);
});

test("no pull secret", () => {
  const facts = service(
    { pods: [waiting("ErrImagePull", UNAUTHORIZED)] },
    { image: { repository: "nvcr.io/nim/meta/llama", tag: "1" } },
  );
  expect(told(facts)).toMatchInlineSnapshot(`
    "[pull-secret-none] nimservice nim/llama: has a problem

    Cause:     nvcr.io asks for credentials, and the object names no pull secret.
    Next:      Name a pull secret.
               kubectl patch nimservice llama --type=merge -p '{"spec":{"image":{"pullSecrets":["ngc-secret"]}}}' -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: ErrImagePull: failed to pull and unpack image "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://nvcr.io/proxy_auth: 401 Unauthorized
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr ErrImagePull
    "
  `);
});

test("a registry that is not reached, or not trusted, or asked too often", () => {
  const texts = [
    'failed to do request: Head "https://nvcr.io/v2/": dial tcp: lookup nvcr.io on 10.96.0.10:53: no such host',
    'failed to do request: Head "https://nvcr.io/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    "toomanyrequests: You have reached your pull rate limit",
    "no match for platform in manifest: not found: unsupported",
    "something new",
  ].map((text) =>
    told(service({ pods: [waiting("ImagePullBackOff", text)] }))
      .split("\n")
      .slice(0, 5)
      .join("\n"),
  );
  expect(texts.join("\n")).toMatchInlineSnapshot(`
    "[registry-unreachable] nimservice nim/llama: has a problem

    Cause:     The node does not reach the registry nvcr.io.
    Next:      Check name service, firewall and proxy of the node; without a way out, use a mirror as repository.
               kubectl get pod llama-6d4cf56db6-x7k2p -o wide -n nim
    [registry-unreachable] nimservice nim/llama: has a problem

    Cause:     The node does not trust the certificate of nvcr.io.
    Next:      Put the authority of the registry, or of the proxy before it, on the nodes.
               kubectl get pod llama-6d4cf56db6-x7k2p -o wide -n nim
    [image-rate-limit] nimservice nim/llama: has a problem

    Cause:     nvcr.io has had too many requests from this address and makes it wait.
    Next:      Wait, or pull with credentials or from a mirror. It is tried again every five minutes.
               kubectl get pods --watch -n nim
    [image-platform] nimservice nim/llama: has a problem

    Cause:     The image nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6 is not made for the processor of the node.
    Next:      Take an image for that processor, or keep the pods on other nodes with spec.nodeSelector.
               kubectl patch nimservice llama --type=merge -p '{"spec":{"image":{"repository":"REPOSITORY","tag":"TAG"}}}' -n nim
    [image-pull-failed] nimservice nim/llama: has a problem

    Cause:     The image nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6 cannot be pulled (ImagePullBackOff).
    Next:      See what the kubelet says.
               kubectl describe pod llama-6d4cf56db6-x7k2p -n nim"
  `);
});
