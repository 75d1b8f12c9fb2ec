"""Request bodies of the binary tensor extension as Triton's own client makes them: hex of the JSON and of the rest, a line each."""

import json
import sys

import numpy as np
from tritonclient.http import InferenceServerClient, InferInput

DTYPES = {
    "BOOL": np.bool_,
    "UINT8": np.uint8,
    "UINT16": np.uint16,
    "UINT32": np.uint32,
    "UINT64": np.uint64,
    "INT8": np.int8,
    "INT16": np.int16,
    "INT32": np.int32,
    "INT64": np.int64,
    "FP16": np.float16,
    "FP32": np.float32,
    "FP64": np.float64,
    "BYTES": np.object_,
}

for tensors in json.load(sys.stdin):
    inputs = []
    for tensor in tensors:
        data = [text.encode() for text in tensor["data"]] if tensor["datatype"] == "BYTES" else tensor["data"]
        one = InferInput(tensor["name"], tensor["shape"], tensor["datatype"])
        one.set_data_from_numpy(np.array(data, dtype=DTYPES[tensor["datatype"]]).reshape(tensor["shape"]), binary_data=True)
        inputs.append(one)
    body, json_size = InferenceServerClient.generate_request_body(inputs)
    print(body[:json_size].hex(), body[json_size:].hex())
