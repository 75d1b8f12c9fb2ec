"""A small transformer behind an OpenAI-compatible endpoint: POST /v1/completions, streamed, with continuous batching.

Weights are random and the tokens mean nothing, but the work is real: every step runs all sequences that are under way
through the layers on the device. Prints {"url": ...} on standard output as soon as it answers, and ends with its
standard input.

    python server.py --layers 4 --device cuda
"""

import argparse
import json
import queue
import sys
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import torch
from torch import nn

VOCABULARY = 8192
LONGEST = 512


class Model(nn.Module):
    def __init__(self, layers: int, width: int, heads: int) -> None:
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, width)
        self.places = nn.Embedding(LONGEST, width)
        layer = nn.TransformerEncoderLayer(width, heads, 4 * width, dropout=0.0, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.out = nn.Linear(width, VOCABULARY)

    def forward(self, tokens: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """The next token of each sequence. `tokens`: (sequences, longest), padded with 0 behind each one's length."""
        places = torch.arange(tokens.shape[1], device=tokens.device)
        mask = torch.triu(torch.full((len(places), len(places)), float("-inf"), device=tokens.device, dtype=self.out.weight.dtype), diagonal=1)
        hidden = self.layers(self.tokens(tokens) + self.places(places), mask=mask, is_causal=True)
        last = hidden[torch.arange(len(tokens), device=tokens.device), lengths - 1]
        return self.out(last).argmax(dim=-1)


class Sequence:
    def __init__(self, tokens: list[int], wanted: int) -> None:
        self.tokens, self.wanted, self.made = tokens, wanted, queue.SimpleQueue()


class Engine:
    """One thread that runs every sequence under way one token further, again and again."""

    def __init__(self, model: Model, device: torch.device, most: int) -> None:
        self.model, self.device, self.most = model, device, most
        self.waiting: queue.SimpleQueue[Sequence] = queue.SimpleQueue()
        threading.Thread(target=self.run, daemon=True).start()

    def submit(self, sequence: Sequence) -> Sequence:
        self.waiting.put(sequence)
        return sequence

    def run(self) -> None:
        active: list[Sequence] = []
        while True:
            try:
                while len(active) < self.most:
                    active.append(self.waiting.get(block=not active))
            except queue.Empty:
                pass
            try:
                self.step(active)
            except Exception as error:  # Whoever waits must hear of it, whatever it was.
                for sequence in active:
                    sequence.made.put(error)
                active = []
            active = [sequence for sequence in active if sequence.wanted > 0]

    @torch.inference_mode()
    def step(self, active: list[Sequence]) -> None:
        longest = max(len(sequence.tokens) for sequence in active)
        padded = [sequence.tokens + [0] * (longest - len(sequence.tokens)) for sequence in active]
        lengths = [len(sequence.tokens) for sequence in active]
        made = self.model(torch.tensor(padded, device=self.device), torch.tensor(lengths, device=self.device)).tolist()
        for sequence, token in zip(active, made):
            sequence.tokens.append(token)
            sequence.wanted -= 1
            sequence.made.put(token)


def tokens_of(prompt: str) -> list[int]:
    return [zlib.crc32(word.encode()) % (VOCABULARY - 1) + 1 for word in prompt.split()] or [1]


def handler_of(engine: Engine):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_: object) -> None:
            pass

        def answer(self, status: int, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.answer(200 if self.path == "/health" else 404, "{}")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path != "/v1/completions":
                return self.answer(404, "{}")
            try:
                asked = json.loads(body)
                prompt, wanted = str(asked["prompt"]), min(LONGEST // 2, max(1, int(asked.get("max_tokens", 16))))
            except (ValueError, KeyError, TypeError) as error:
                return self.answer(400, json.dumps({"error": {"message": str(error)}}))
            sequence = engine.submit(Sequence(tokens_of(prompt)[: LONGEST // 2], wanted))
            used = {"prompt_tokens": len(sequence.tokens), "completion_tokens": wanted, "total_tokens": len(sequence.tokens) + wanted}
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            for i in range(wanted):
                token = sequence.made.get()
                if isinstance(token, Exception):
                    self.event(json.dumps({"error": {"message": str(token)}}))
                    break
                choice = {"index": 0, "text": f" t{token}", "finish_reason": "length" if i == wanted - 1 else None}
                self.event(json.dumps({"object": "text_completion", "choices": [choice]}))
            else:
                self.event(json.dumps({"object": "text_completion", "choices": [], "usage": used}))
                self.event("[DONE]")
            self.wfile.write(b"0\r\n\r\n")

        def event(self, data: str) -> None:
            event = f"data: {data}\n\n".encode()
            self.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
            self.wfile.flush()

    return Handler


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--layers", type=int, default=4)
    options.add_argument("--width", type=int, default=1024)
    options.add_argument("--heads", type=int, default=16)
    options.add_argument("--batch", type=int, default=16)
    options.add_argument("--device", default="cuda")
    options.add_argument("--threads", type=int, default=0)
    given = options.parse_args()
    if given.threads > 0:
        torch.set_num_threads(given.threads)
    torch.manual_seed(7)
    device = torch.device(given.device)
    half = torch.float16 if device.type == "cuda" else torch.float32
    model = Model(given.layers, given.width, given.heads).to(device=device, dtype=half).eval()
    engine = Engine(model, device, given.batch)
    warm = engine.submit(Sequence([1] * 8, 4))
    for _ in range(4):
        made = warm.made.get(timeout=120)
        if isinstance(made, Exception):
            raise made
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(engine))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    while sys.stdin.read(1):
        time.sleep(0)


if __name__ == "__main__":
    main()
