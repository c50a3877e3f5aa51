"""Checks the Kubernetes examples against the schemas of Kubernetes itself, and
runs the command lines in them.

    kubernetes.py ICPFIT

Every file in scripts/examples/kubernetes must be valid, strictly: no field that
Kubernetes does not know. The check is shown to fail on an example with a field
misspelt and on one with a text for a number. The pods of the Indexed Job are
then run as processes, all at once, on a small base: what they publish must be,
account by account, what one run publishes.
"""

import copy
import pathlib
import subprocess
import sys
import tempfile

import kubernetes_validate
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

EXAMPLES = pathlib.Path(__file__).parent.parent / "examples" / "kubernetes"
VERSION = kubernetes_validate.latest_version()
FAULTS = (kubernetes_validate.ValidationError,)


def validate():
    documents = {}
    for path in sorted(EXAMPLES.glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            kubernetes_validate.validate(document, VERSION, strict=True)
            documents[path.name] = document
    assert documents, f"{EXAMPLES}: no examples"
    print(f"kubernetes {VERSION}: {len(documents)} examples are valid: {', '.join(documents)}")
    return documents


def must_fail(job):
    misspelt, wrong = copy.deepcopy(job), copy.deepcopy(job)
    misspelt["spec"]["completionmode"] = misspelt["spec"].pop("completionMode")
    wrong["spec"]["completions"] = "seven"
    for what, document in {"a field misspelt": misspelt, "a text for a number": wrong}.items():
        try:
            kubernetes_validate.validate(document, VERSION, strict=True)
        except FAULTS:
            continue
        raise AssertionError(f"{what} passes the check, so the check shows nothing")
    print("the check fails on a field misspelt and on a text for a number")


def rows(folder):
    table = pa.concat_tables(pq.ParquetFile(path).read() for path in sorted(folder.glob("part-*.parquet")))
    return sorted(map(repr, table.to_pylist()))


def run_pods(icpfit, job):
    spec = job["spec"]
    container = spec["template"]["spec"]["containers"][0]
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder) / "icp"
        subprocess.run([icpfit, "--quiet", "demo", "--accounts", "3000", "--as-of", "2026-01-31", project], check=True)
        night = project / "grades" / "as_of=2026-01-31"
        one = rows(night)
        pods = []
        for index in reversed(range(spec["completions"])):
            args = [str(project) if a == "/icp" else a.replace("$(JOB_COMPLETION_INDEX)", str(index)) for a in container["args"]]
            pods.append(subprocess.Popen([icpfit, *args]))
        codes = [p.wait(timeout=120) for p in pods]
        assert codes == [0] * len(pods), f"exit codes {codes}"
        parts = len(list(night.glob("part-*.parquet")))
        assert parts == spec["completions"], f"{parts} parts are published, want {spec['completions']}"
        assert rows(night) == one, "the shards say something else than one run"
        assert not list(night.parent.glob(".shards*")), "shards are left"
    print(f"{len(pods)} pods at once published what one run publishes: {len(one)} accounts")


def main():
    documents = validate()
    job = documents["predict-shards.yaml"]
    must_fail(job)
    run_pods(str(pathlib.Path(sys.argv[1]).resolve()), job)


if __name__ == "__main__":
    main()
