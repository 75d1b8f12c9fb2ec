"""llama.cpp's own server on a model of random weights: python serve.py FOLDER LAYERS prints its address.

The model is a real one of the smallest kind: LLaMA's architecture, a vocabulary of words, bytes and control tokens, weights
from a seed. It generates nonsense, token by token, through the same code as any other. The rows of the output matrix that
belong to bytes and control tokens are 0, so that the likeliest token is always a word: no answer ends early, and none holds
half a character.
"""

import sys
import time
from pathlib import Path

import gguf
import numpy as np
import xllamacpp

EMBEDDING, HEADS, FEED_FORWARD, CONTEXT, WORDS = 256, 4, 1024, 4096, 512
SPECIAL = ["<unk>", "<s>", "</s>"]
TEMPLATE = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant:"


def words() -> list[str]:
    """Syllables in pairs, as SentencePiece writes them: with their space."""
    syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
    return [f"\u2581{a}{b}" for a in syllables for b in syllables][:WORDS]


def write_model(path: Path, layers: int) -> None:
    random = np.random.default_rng(1)
    tokens = [*SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256)), *words()]
    kinds = gguf.TokenType
    types = [kinds.UNKNOWN, kinds.CONTROL, kinds.CONTROL] + [kinds.BYTE] * 256 + [kinds.NORMAL] * WORDS

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(EMBEDDING)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(EMBEDDING // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(i) for i in range(len(tokens))])
    writer.add_token_types([int(kind) for kind in types])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(TEMPLATE)

    def weights(*shape: int) -> np.ndarray:
        return (random.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float32)

    output = weights(len(tokens), EMBEDDING)
    output[: len(tokens) - WORDS] = 0
    ones = np.ones(EMBEDDING, np.float32)
    writer.add_tensor("token_embd.weight", weights(len(tokens), EMBEDDING))
    writer.add_tensor("output_norm.weight", ones)
    writer.add_tensor("output.weight", output)
    for layer in range(layers):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", weights(EMBEDDING, EMBEDDING))
        writer.add_tensor(f"blk.{layer}.ffn_gate.weight", weights(FEED_FORWARD, EMBEDDING))
        writer.add_tensor(f"blk.{layer}.ffn_up.weight", weights(FEED_FORWARD, EMBEDDING))
        writer.add_tensor(f"blk.{layer}.ffn_down.weight", weights(EMBEDDING, FEED_FORWARD))
        writer.add_tensor(f"blk.{layer}.attn_norm.weight", ones)
        writer.add_tensor(f"blk.{layer}.ffn_norm.weight", ones)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    folder, layers = Path(sys.argv[1]), int(sys.argv[2])
    model = folder / f"random-{layers}.gguf"
    write_model(model, layers)
    options = xllamacpp.CommonParams()
    options.model.path = str(model)
    options.model_alias = {"random"}
    options.hostnames = ["127.0.0.1"]
    options.port = 0
    options.n_ctx = CONTEXT
    options.n_parallel = 4
    options.endpoint_metrics = True
    options.warmup = False
    # One core: the other one is the load generator's.
    options.cpuparams.n_threads = options.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(options)
    print(server.listening_address, flush=True)
    while True:
        time.sleep(60)


main()
