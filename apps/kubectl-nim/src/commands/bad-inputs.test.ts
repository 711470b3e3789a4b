import { expect, test } from "vitest";
import { inNimCluster } from "../testing/nim.ts";

/** Words of the lines below that stand for many. */
const WORDS: Readonly<Record<string, string>> = {
  IMG: "--image-repository=nvcr.io/nim/meta/llama3 --tag=1.0",
  SVC: "--image-repository=nvcr.io/nim/meta/llama3 --tag=1.0 --pvc-storage-name=models",
  STORE: "--pvc-storage-name=models",
  NGC: "--pvc-storage-name=models --nim-source=ngc --model-puller=nvcr.io/nim/meta/llama3:1.0",
  HF:
    "--pvc-storage-name=models --nim-source=huggingface --model-puller=nvcr.io/nim/nvidia/llm-nim:1.12 " +
    "--alt-endpoint=https://huggingface.co --alt-namespace=meta",
};

const FILES = {
  "range.yaml":
    "apiVersion: apps.nvidia.com/v1alpha1\nkind: NIMService\n" +
    "spec: {image: {repository: a/b, tag: '1'}, storage: {pvc: {name: m}}, scale: {enabled: true, hpa: {minReplicas: 5, maxReplicas: 2}}}\n",
  "cache.yaml": "apiVersion: apps.nvidia.com/v1alpha1\nkind: NIMCache\n",
  "other.yaml": "apiVersion: apps.nvidia.com/v1alpha1\nkind: NIMService\nmetadata: {name: other}\n",
  "text.yaml": "- a\n",
};

const ENV = { EMPTY: " ", SPACED: "nvapi-a b", KEY: "nvapi-0123456789012345678901234567" };

/** Lines behind `kubectl nim`, and all that they print. */
const SESSION = `\
$ create nimservice
error: NAME is missing: what is the NIMService to be called?
  Usage: kubectl nim create nimservice NAME [flags]; --help shows them.
$ create nimservice x --nope
error: unknown flag --nope
  Run the command with --help to see its flags.
$ create nimservice x --image-repositry=a
error: unknown flag --image-repositry
  Did you mean "--image-repository"?
$ create nimservice x y SVC
error: kubectl nim create nimservice takes one NAME; what is "y"?
  Usage: kubectl nim create nimservice [NAME]. For more than one, run it once for each.
$ create nimservice My_LLM SVC
error: "My_LLM" cannot be the name of a NIMService: its Service is called the same, so it is lower-case letters, digits and -, at most 63 of them, with a letter first and a letter or digit last
  Did you mean "my-llm"?
$ create nimservice 1llm SVC
error: "1llm" cannot be the name of a NIMService: its Service is called the same, so it is lower-case letters, digits and -, at most 63 of them, with a letter first and a letter or digit last
  Did you mean "llm"?
$ create nimservice aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa SVC
error: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" cannot be the name of a NIMService: its Service is called the same, so it is lower-case letters, digits and -, at most 63 of them, with a letter first and a letter or digit last
$ create nimservice x --tag=1.0.0 --pvc-storage-name=m
error: --image-repository is missing: which NIM is served?
  For example --image-repository=nvcr.io/nim/meta/llama-3.1-8b-instruct.
$ create nimservice x --image-repository=nvcr.io/nim/meta/llama3 --pvc-storage-name=m
error: --tag is missing: which release of the image?
  For example --tag=1.3.3; catalog.ngc.nvidia.com lists them.
$ create nimservice x --image-repository=nvcr.io/nim/meta/llama3:1.0 --pvc-storage-name=m
error: --image-repository takes no tag, but "nvcr.io/nim/meta/llama3:1.0" has one
  Give them apart: --image-repository=nvcr.io/nim/meta/llama3 --tag=1.0
$ create nimservice x --image-repository=nvcr.io/nim/meta/llama3@sha256:0123456789012345678901234567890123456789012345678901234567890123 --tag=1 --pvc-storage-name=m
error: --image-repository takes no digest, but "nvcr.io/nim/meta/llama3@sha256:0123456789012345678901234567890123456789012345678901234567890123" has one
  The digest goes behind the tag: --image-repository=nvcr.io/nim/meta/llama3 --tag=TAG@sha256:0123456789012345678901234567890123456789012345678901234567890123
$ create nimservice x --image-repository=https://nvcr.io/nim/meta/llama3 --tag=1.0 --pvc-storage-name=m
error: --image-repository takes an image such as nvcr.io/nim/nvidia/llm-nim, not "https://nvcr.io/nim/meta/llama3"
  Images have no https:// before them.
$ create nimservice x --image-repository=nvcr.io/nim/Meta/llama3 --tag=1.0 --pvc-storage-name=m
error: --image-repository takes an image such as nvcr.io/nim/nvidia/llm-nim, not "nvcr.io/nim/Meta/llama3"
  Did you mean "nvcr.io/nim/meta/llama3"?
$ create nimservice x --image-repository=nvcr.io/nim/meta/llama3 --tag=1:0 --pvc-storage-name=m
error: --tag takes a tag such as 1.3.3, not "1:0"
$ create nimservice x --image-repository=nvcr.io/nim/meta/llama3 --tag=1.0
error: where is the model stored? Nothing says it
  Give --nimcache-storage-name, --pvc-storage-name, or --pvc-create=true with --pvc-size.
$ create nimservice x IMG --pvc-create=true
error: --pvc-create needs --pvc-size: how large is the volume to be?
  For example --pvc-size=50Gi.
$ create nimservice x IMG --pvc-size=50Gi
error: --pvc-size is for a new volume, and --pvc-create is not given
  Add --pvc-create=true.
$ create nimservice x IMG --pvc-create=yes --pvc-size=50Gi
error: --pvc-create takes true or false, not "yes"
$ create nimservice x IMG --pvc-create=true --pvc-size=50GB
error: --pvc-size takes an amount above 0 such as 50Gi, not "50GB"
  Did you mean "50Gi"?
$ create nimservice x IMG --pvc-create=true --pvc-size=-5Gi
error: --pvc-size takes an amount above 0 such as 50Gi, not "-5Gi"
$ create nimservice x IMG --pvc-create=true --pvc-size=0
error: --pvc-size takes an amount above 0 such as 50Gi, not "0"
$ create nimservice x IMG --pvc-create=true --pvc-size=big
error: --pvc-size takes an amount above 0 such as 50Gi, not "big"
$ create nimservice x IMG --pvc-create=true --pvc-size=50Gi --pvc-volume-access-mode=ReadWriteMayn
error: --pvc-volume-access-mode takes ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod, not "ReadWriteMayn"
  Did you mean "ReadWriteMany"?
$ create nimservice x IMG --pvc-create=true --pvc-size=50Gi --pvc-volume-access-mode=RWX
error: --pvc-volume-access-mode takes ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod, not "RWX"
  Did you mean "ReadWriteMany"?
$ create nimservice x IMG --pvc-create=true --pvc-size=50Gi --pvc-volume-access-mode=rwop
error: --pvc-volume-access-mode takes ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod, not "rwop"
  Did you mean "ReadWriteOncePod"?
$ create nimservice x IMG --pvc-create=true --pvc-size=50Gi --pvc-storage-class=Fast_SSD
error: --pvc-storage-class takes the name of a StorageClass, not "Fast_SSD"
  Did you mean "fast-ssd"?
$ create nimservice x IMG --pvc-storage-name=Model_Storage
error: --pvc-storage-name takes the name of a PersistentVolumeClaim, not "Model_Storage"
  Did you mean "model-storage"?
$ create nimservice x IMG --nimcache-storage-name=c --pvc-storage-name=m
error: --nimcache-storage-name and --pvc-storage-name exclude each other: a model is stored in one place
$ create nimservice x IMG --nimcache-storage-name=c --pvc-create=true --pvc-size=50Gi
error: --nimcache-storage-name and --pvc-create exclude each other: a model is stored in one place
$ create nimservice x IMG --nimcache-storage-name=c --pvc-size=50Gi
error: --pvc-size is for a new volume, and --pvc-create is not given
  With --nimcache-storage-name there is no volume to be made: leave it out.
$ create nimservice x IMG --nimcache-storage-profile=p --pvc-storage-name=m
error: --nimcache-storage-profile needs --nimcache-storage-name: whose profile is it?
$ create nimservice x IMG --host-path=/models --emptydir=50Gi
error: --emptydir and --host-path exclude each other: a model is stored in one place
$ create nimservice x IMG --host-path=models
error: --host-path takes a folder from the root, without .., not "models"
$ create nimservice x SVC --pull-policy=always
error: --pull-policy takes Always, IfNotPresent or Never, not "always"
  Did you mean "Always"?
$ create nimservice x SVC --pull-secrets=ngc-secret,NGC_SECRET
error: --pull-secrets takes the name of a Secret, not "NGC_SECRET"
  Did you mean "ngc-secret"?
$ create nimservice x SVC --auth-secret=ngc/secret
error: --auth-secret takes the name of a Secret, not "ngc/secret"
  Did you mean "ngc-secret"?
$ create nimservice x SVC --service-type=Loadbalancer
error: --service-type takes ClusterIP, NodePort or LoadBalancer, not "Loadbalancer"
  Did you mean "LoadBalancer"?
$ create nimservice x SVC --service-type=External
error: --service-type takes ClusterIP, NodePort or LoadBalancer, not "External"
$ create nimservice x SVC --service-port=0
error: --service-port takes a port from 1 to 65535, not "0"
$ create nimservice x SVC --service-port=70000
error: --service-port takes a port from 1 to 65535, not "70000"
$ create nimservice x SVC --service-port=http
error: --service-port takes a port from 1 to 65535, not "http"
$ create nimservice x SVC --replicas=-1
error: --replicas takes a whole number from 0, not "-1"
$ create nimservice x SVC --replicas=two
error: --replicas takes a whole number from 0, not "two"
$ create nimservice x SVC --gpu-limit=0
error: --gpu-limit takes a whole number from 1, or auto, not "0"
  With auto the operator takes as many as the profile needs.
$ create nimservice x SVC --gpu-limit=0.5
error: --gpu-limit takes a whole number from 1, or auto, not "0.5"
$ create nimservice x SVC --gpu-limit=-1
error: --gpu-limit takes a whole number from 1, or auto, not "-1"
$ create nimservice x SVC --cpu=-2
error: --cpu takes an amount above 0 such as 8 or 500m, not "-2"
$ create nimservice x SVC --memory=32GB
error: --memory takes an amount above 0 such as 50Gi, not "32GB"
  Did you mean "32Gi"?
$ create nimservice x SVC --scale-max-replicas=0
error: --scale-max-replicas takes a whole number from 1, or -1 for none, not "0"
$ create nimservice x SVC --scale-min-replicas=2
error: --scale-min-replicas needs --scale-max-replicas, which switches autoscaling on
$ create nimservice x SVC --scale-min-replicas=0 --scale-max-replicas=2
error: --scale-min-replicas takes a whole number from 1, or -1 for none, not "0"
$ create nimservice x SVC --scale-min-replicas=5 --scale-max-replicas=2
error: --scale-min-replicas is 5, above --scale-max-replicas, which is 2
$ create nimservice x SVC --scale-max-replicas=4 --inference-platform=kserve --annotations=serving.kserve.io/deploymentMode=Serverless
error: --scale-max-replicas and the Knative mode of KServe exclude each other
  Use --replicas, or the mode RawDeployment (annotation serving.kserve.io/deploymentMode), or the standalone platform.
$ create nimservice x SVC --inference-platform=kserv
error: --inference-platform takes standalone or kserve, not "kserv"
  Did you mean "kserve"?
$ create nimservice x SVC --env=NIM_MODEL_NAME
error: --env takes KEY=VALUE, not "NIM_MODEL_NAME"
$ create nimservice x SVC --env=1A=b
error: --env takes names of variables such as NIM_MODEL_NAME, not "1A"
$ create nimservice x SVC --env=A=b --env=A=c
error: --env gives the variable A twice
$ create nimservice x SVC --env-secret=HF_TOKEN=hf-api-secret
error: NAME=SECRET/KEY is expected behind --env-secret, found "HF_TOKEN=hf-api-secret"
  For example PROXY_USER=proxy-login/user.
$ create nimservice x SVC --node-selector=gpu
error: --node-selector takes KEY=VALUE, not "gpu"
$ create nimservice x SVC --node-selector='gpu=h 100'
error: --node-selector takes values of labels, not "h 100"
  They are letters, digits, -, _ and ., at most 63, with a letter or digit at both ends.
$ create nimservice x SVC --toleration=nvidia.com/gpu:NoSchedul
error: --toleration takes the effects NoSchedule, PreferNoSchedule or NoExecute, not "NoSchedul"
  Did you mean "NoSchedule"?
$ create nimservice x SVC --toleration=a=b=c
error: --toleration takes KEY[=VALUE][:EFFECT], not "a=b=c"
  For example nvidia.com/gpu:NoSchedule.
$ create nimservice x SVC --labels=-app=llm
error: --labels takes KEY=VALUE with the key of a label, not "-app"
  Keys are letters, digits, -, _ and ., such as app or example.com/team.
$ create nimservice x SVC --user-id=root
error: --user-id takes a whole number from 0, not "root"
$ create nimservice x SVC --from-file=missing.yaml
error: missing.yaml: no such file or directory
$ create nimservice x --from-file=cache.yaml
error: cache.yaml: kind: expected NIMService, found "NIMCache"
$ create nimservice x --from-file=other.yaml
error: other.yaml: metadata.name: expected x, as on the command line, found "other"
$ create nimservice x --from-file=text.yaml
error: text.yaml: expected an object with apiVersion, kind and spec, found a list
$ create nimservice x SVC -o yml
error: -o takes no "yml"
  Did you mean "yaml"?
$ create nimservice x SVC --dry-run=sever
error: --dry-run takes none, client or server, not "sever"
  Did you mean "server"?
$ create nimservice x SVC --dry-run=client --wait
error: --wait and --dry-run exclude each other: what is not made never gets ready
$ create nimservice x SVC -n Nim_Space
error: "Nim_Space" cannot be the name of a namespace: expected lower-case letters, digits and -, at most 63 of them, with a letter or digit at both ends
  Did you mean nim-space?
$ create nimservice x SVC --timeout=20 --wait
error: --timeout takes a duration such as 30s or 5m, not "20"
  Did you mean 20s?
$ create nimcache c STORE
error: --nim-source is missing: where does the model come from?
  It is one of ngc, huggingface, nemodatastore.
$ create nimcache c STORE --nim-source=hugginface --model-puller=a:1
error: --nim-source takes ngc, huggingface or nemodatastore, not "hugginface"
  Did you mean "huggingface"?
$ create nimcache c STORE --nim-source=ngc
error: --model-puller is missing: which image loads the model?
  For example --model-puller=nvcr.io/nim/nvidia/llm-nim:1.12.
$ create nimcache c --nim-source=ngc --model-puller=nvcr.io/nim/nvidia/llm-nim:1.12
error: where is the cache stored? Nothing says it
  Give --pvc-storage-name, or --pvc-create=true with --pvc-size.
$ create nimcache c STORE --nim-source=ngc --model-puller='nvcr.io/nim llm'
error: --model-puller takes an image such as nvcr.io/nim/nvidia/llm-nim, not "nvcr.io/nim llm"
$ create nimcache c NGC --engine=tensorrt-llm
error: --engine takes tensorrt_llm or vllm, not "tensorrt-llm"
  Did you mean "tensorrt_llm"?
$ create nimcache c NGC --qos-profile=fast
error: --qos-profile takes throughput or latency, not "fast"
$ create nimcache c NGC --tensor-parallelism=1.5
error: --tensor-parallelism takes a whole number from 1, not "1.5"
$ create nimcache c NGC --lora=yes
error: --lora takes true or false, not "yes"
$ create nimcache c NGC --profiles=all,abc
error: --profiles takes all by itself, or names of profiles
$ create nimcache c NGC --ngc-model-endpoint=ngc://a/b:1 --precision=fp8
error: --ngc-model-endpoint and --precision exclude each other
  An endpoint names the model of a universal NIM; the others choose among the profiles of a NIM for one model.
$ create nimcache c NGC --alt-endpoint=https://huggingface.co
error: --alt-endpoint is for the source huggingface or nemodatastore, and --nim-source is ngc
$ create nimcache c NGC --resources-cpu=four
error: --resources-cpu takes an amount above 0 such as 8 or 500m, not "four"
$ create nimcache c NGC --resources-memory=-1Gi
error: --resources-memory takes an amount above 0 such as 50Gi, not "-1Gi"
$ create nimcache c HF --model-name=a --dataset-name=b
error: --model-name and --dataset-name exclude each other: a cache holds one of them
$ create nimcache c HF
error: --model-name is missing: what is cached?
  Give --model-name or --dataset-name.
$ create nimcache c STORE --nim-source=huggingface --model-puller=a:1 --alt-endpoint=huggingface.co --alt-namespace=m --model-name=n
error: --alt-endpoint takes an address that starts with http:// or https://, not "huggingface.co"
  Hugging Face itself is https://huggingface.co.
$ create nimcache c STORE --nim-source=huggingface --model-puller=a:1 --alt-namespace=m --model-name=n
error: --alt-endpoint is missing: where is the hub?
  Hugging Face is https://huggingface.co; a NeMo Data Store's address ends in /v1/hf.
$ create nimcache c STORE --nim-source=huggingface --model-puller=a:1 --alt-endpoint=https://huggingface.co --model-name=n
error: --alt-namespace is missing: whose model is it?
  For meta-llama/Llama-3.2-1B it is --alt-namespace=meta-llama.
$ create nimcache c HF --model-name=meta-llama/Llama-3.2-1B
error: --model-name takes the name without its organisation, not "meta-llama/Llama-3.2-1B"
  Give them apart: --alt-namespace=meta-llama --model-name=Llama-3.2-1B
$ create nimcache c HF --model-name=n --gpus=h100
error: --gpus is for the source ngc, and --nim-source is huggingface
$ create nimcache c STORE --nim-source=nemodatastore --model-puller=a:1 --alt-endpoint=http://store:8000 --model-name=n
error: --alt-endpoint of a NeMo Data Store ends in /v1/hf, and "http://store:8000" does not
  Did you mean "http://store:8000/v1/hf"?
$ create nimcache c HF --model-name=n --host-path=/m
error: --host-path and --pvc-storage-name exclude each other: a model is stored in one place
$ scale llm
error: nothing says how to scale
  Usage: kubectl nim scale NAME --replicas COUNT | --min COUNT --max COUNT | --off
$ scale --replicas=2
error: NAME is missing: name of the service; nimservice NAME and nimservice/NAME are understood too
  Usage: kubectl nim scale NAME...
$ scale llm --replicas=-1
error: --replicas takes a whole number from 0, not -1
$ scale llm --replicas=two
error: --replicas takes a whole number, not "two"
$ scale llm --replicas=2 --max=3
error: --replicas, --min with --max, and --off exclude each other
  Usage: kubectl nim scale NAME --replicas COUNT | --min COUNT --max COUNT | --off
$ scale llm --max=0
error: --max takes a whole number from 1, not 0
$ scale llm --min=0 --max=3
error: --min takes a whole number from 1, not 0
$ scale llm --min=5 --max=3
error: --min is 5, above --max, which is 3
$ scale nimcache/llama --replicas=2
error: NIMCache llama cannot be scaled: only services have pods that run
  Usage: kubectl nim scale NAME --replicas COUNT | --min COUNT --max COUNT | --off
$ scale llm other --replicas=2
error: it takes one object at a time; what is nimservice/other?
  Usage: kubectl nim scale NAME --replicas COUNT | --min COUNT --max COUNT | --off
$ secret ngc
error: where is the key? There is no terminal to ask on
  Give --from-env=NGC_API_KEY, or --from-stdin.
$ secret ngc --from-env=NGC_API_KEY
error: --from-env: the environment variable NGC_API_KEY is not set
$ secret ngc --from-env=EMPTY
error: --from-env: the environment variable EMPTY is empty
$ secret ngc --from-env=nvapi-abcdefghijklmnopqrstuvwxyz
error: --from-env takes the name of a variable, and not the key itself
  For example --from-env=NGC_API_KEY.
$ secret ngc --from-env=SPACED
error: the key holds spaces, line breaks or characters that no key has
$ secret ngc --from-env=KEY --from-stdin
error: --from-env and --from-stdin exclude each other: the key comes from one place
$ secret ngc nvapi-abcdefghijklmnopqrstuvwxyz
error: the name of the secret looks like a key, and keys are not given on the command line
  Treat it as known to others, and make a new one. Use --from-env, --from-stdin, or be asked.
$ secret ngc NGC_Secret --from-env=KEY
error: "NGC_Secret" cannot be the name of a Secret: expected lower-case letters, digits, - and ., at most 253 of them, with a letter or digit at both ends
  Did you mean ngc-secret?
$ secret ngc same --pull-secret=same --from-env=KEY
error: both secrets cannot be called "same": they are of different types
$ secret ngc --only=pul --from-env=KEY
error: --only takes both, pull or api, not "pul"
  Did you mean "pull"?
$ secret hf hf_abcdefghijklmnopqrstuvwxyz
error: the name of the secret looks like a key, and keys are not given on the command line
  Treat it as known to others, and make a new one. Use --from-env, --from-stdin, or be asked.
$ secret hf --from-stdin
error: the key is empty
$ create nimservice --from-file=text.yaml
error: text.yaml: expected an object with apiVersion, kind and spec, found a list
$ create nimservice x --from-file=range.yaml
error: range.yaml: spec.scale.hpa.minReplicas: 5 is above maxReplicas, which is 2
$ create nimservice x IMG --pvc-create=true --pvc-size=50
error: --pvc-size takes 1Mi or more, not "50"
  Did you mean "50Gi"?
$ create nimservice x SVC --memory=1m
error: --memory takes 1Mi or more, not "1m"
  Did you mean "1Gi"?
$ create nimservice nvapi-0123456789012345678901234567 SVC
error: the name of the NIMService looks like a key, and keys are not given on the command line
  Treat it as known to others, and make a new one; kubectl nim secret keeps it in the cluster.
$ create nimservice x nvapi-0123456789012345678901234567 SVC
error: kubectl nim create nimservice takes one NAME; what is "(redacted)"?
  Usage: kubectl nim create nimservice [NAME]. For more than one, run it once for each.
$ create nimservice my SVC --pull-policy=Allways --kubeconfig=none
error: --pull-policy takes Always, IfNotPresent or Never, not "Allways"
  Did you mean "Always"?
$ create nimservice x --pvc-create true SVC
error: "true" behind --pvc-create is not taken as its value
  Write --pvc-create=true.
$ create nimservice --pvc-create true --pvc-size=50Gi IMG
error: "true" behind --pvc-create is not taken as its value
  Write --pvc-create=true.
$ create nimcache --pvc-create false HF
error: "false" behind --pvc-create is not taken as its value
  Write --pvc-create=false.
`;

test("bad input is refused with a message, before anything is asked of the cluster", async () => {
  const cases = SESSION.split(/^\$ /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf("\n")), text.slice(text.indexOf("\n") + 1)] as const);
  expect(cases.length).toBe(128);
  await inNimCluster(
    async ({ cluster, run }) => {
      for (const [line, err] of cases) {
        const words = line.split(" ").map((word) => WORDS[word] ?? word);
        const exit = err.endsWith("no such file or directory\n") ? 3 : 2;
        expect({ line, ...(await run(words.join(" "), { env: ENV })) }).toEqual({ line, exit, out: "", err });
      }
      expect(cluster.requests).toEqual([]);
    },
    { files: FILES },
  );
});
