"""The log-likelihoods of choices by lm-evaluation-harness, with transformers in float32 on the processor, or by asking a server.

    python test/lab/reference/lm-eval.py MODEL QUESTIONS OUT [URL NAME]

MODEL: a folder. URL, NAME: where a server offers it as NAME (local-completions); its token is in OPENAI_API_KEY. QUESTIONS: JSON lines, {"prompt": text, "choices": [text, ...], "answer": index}; a choice follows its prompt as it is.
OUT: {"versions": {package: version}, "logLikelihoods": [[nats, ...], ...]}, in the order of the questions.
"""

import json
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

folder = tempfile.TemporaryDirectory()
os.environ["HF_DATASETS_CACHE"] = folder.name

import lm_eval
from lm_eval.tasks import TaskManager

TASK = """
task: coppice
dataset_path: json
dataset_kwargs:
  data_files:
    test: {questions}
output_type: multiple_choice
test_split: test
doc_to_text: prompt
doc_to_choice: choices
doc_to_target: answer
target_delimiter: ""
metric_list:
  - metric: acc
"""



def language_model(model, url=None, name=None):
    if url is None:
        from lm_eval.models.huggingface import HFLM

        return HFLM(pretrained=model, dtype="float32", device="cpu", batch_size=4)
    from lm_eval.models.openai_completions import LocalCompletionsAPI

    return LocalCompletionsAPI(base_url=f"{url}/v1/completions", model=name, tokenizer=model)


model, questions, out, *served = sys.argv[1:]
with folder:
    Path(folder.name, "coppice.yaml").write_text(TASK.format(questions=json.dumps(str(Path(questions).resolve()))))
    results = lm_eval.simple_evaluate(
        model=language_model(model, *served),
        tasks=["coppice"],
        task_manager=TaskManager(include_path=folder.name, include_defaults=False),
        bootstrap_iters=0,
        log_samples=True,
    )
samples = sorted(results["samples"]["coppice"], key=lambda sample: sample["doc_id"])
answer = {
    "versions": {name: version(name) for name in ("lm_eval", "transformers", "torch")},
    "logLikelihoods": [[float(response[0][0]) for response in sample["resps"]] for sample in samples],
}
Path(out).write_text(json.dumps(answer))
