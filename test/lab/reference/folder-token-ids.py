"""Token ids of texts by the `tokenizers` package, as JSON: for each text its ids as a document and with special tokens parsed.

    python test/lab/reference/folder-token-ids.py FOLDER < TEXTS.json
"""

import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file(str(Path(sys.argv[1]) / "tokenizer.json"))
texts = json.load(sys.stdin)


def ids(text, as_data):
    tokenizer.encode_special_tokens = as_data
    return tokenizer.encode(text, add_special_tokens=False).ids


json.dump([[ids(text, True), ids(text, False)] for text in texts], sys.stdout)
