"""Writes a GGUF file with its quantised matrices in another type; metadata, norms and a Q8_0 embedding stay.

    python test/lab/reference/requantise.py IN.gguf OUT.gguf Q4_0|Q4_1|Q5_0|Q5_1|Q8_0

Rounding is the gguf package's, from the dequantised values; no importance matrix.
"""

import sys

import gguf
import numpy

KEPT = {"F32", "F16", "BF16"}
EMBEDDINGS = {"token_embd.weight", "output.weight"}


def main():
    source, target, wanted = sys.argv[1:]
    kind = gguf.GGMLQuantizationType[wanted]
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, reader.get_field("general.architecture").contents())
    for key, field in reader.fields.items():
        if key.startswith("GGUF.") or key == "general.architecture":
            continue
        value = int(gguf.LlamaFileType[f"MOSTLY_{wanted}"]) if key == "general.file_type" else field.contents()
        kind_of_items = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(key, value, field.types[0], sub_type=kind_of_items)
    for tensor in reader.tensors:
        stays = tensor.tensor_type.name in KEPT or tensor.tensor_type == kind or tensor.name in EMBEDDINGS
        if stays:
            writer.add_tensor(tensor.name, numpy.array(tensor.data), raw_dtype=tensor.tensor_type)
        else:
            values = gguf.dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32)
            writer.add_tensor(tensor.name, gguf.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
