"""A model for MLServer: as many words as a text has, or the mean of a tensor, after some milliseconds of thought."""

import time

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse


class Count(MLModel):
    async def load(self) -> bool:
        return True

    async def predict(self, request: InferenceRequest) -> InferenceResponse:
        time.sleep(0.002)
        answers = [self.answer(tensor) for tensor in request.inputs]
        return InferenceResponse(
            model_name=self.name,
            outputs=[NumpyCodec.encode_output("value", np.array(answers, dtype=np.float32))],
        )

    def answer(self, tensor) -> float:
        if tensor.datatype == "BYTES":
            return float(sum(len(text.split()) for text in StringCodec.decode_input(tensor)))
        values = NumpyCodec.decode_input(tensor)
        if values.size == 0:
            raise ValueError("the tensor is empty")
        return float(values.mean())
