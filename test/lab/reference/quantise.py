"""Writes a GGUF file in other types by llama.cpp's quantiser, without an importance matrix.

    python test/lab/reference/quantise.py /path/to/node-llama-cpp/bins/linux-x64 F16.gguf TYPE OUT.gguf [TYPE OUT.gguf ...]

Needs llama.cpp's libraries, as node-llama-cpp's packages have them.
"""

import ctypes
import sys
from glob import glob
from pathlib import Path

MIXES = {"F16": 1, "Q4_0": 2, "Q4_1": 3, "Q8_0": 7, "Q5_0": 8, "Q5_1": 9, "Q4_K_M": 15, "Q5_K_M": 17, "Q6_K": 18}


class Parameters(ctypes.Structure):
    _fields_ = [("threads", ctypes.c_int32), ("mix", ctypes.c_int32), ("others", ctypes.c_uint8 * 248)]


quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)


def quantiser(folder, threads=1):
    """The function (source, target, name of a type) of the libraries in a folder."""
    ctypes.CDLL(str(folder / "libggml-base.so"), mode=ctypes.RTLD_GLOBAL)
    ggml = ctypes.CDLL(glob(str(folder / "libggml.v*.so"))[0], mode=ctypes.RTLD_GLOBAL)
    ggml.ggml_backend_load_all_from_path(str(folder).encode())
    llama = ctypes.CDLL(glob(str(folder / "libllama.v*.so"))[0])
    llama.llama_model_quantize_default_params.restype = Parameters
    llama.llama_log_set(quiet, None)

    def quantise(source, target, mix):
        parameters = llama.llama_model_quantize_default_params()
        parameters.threads, parameters.mix = threads, MIXES[mix]
        if llama.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(parameters)) != 0:
            raise SystemExit(f"{mix} failed")

    return quantise


if __name__ == "__main__":
    folder, source, *wanted = sys.argv[1:]
    quantise = quantiser(Path(folder), threads=2)
    for mix, target in zip(wanted[::2], wanted[1::2]):
        quantise(source, target, mix)
