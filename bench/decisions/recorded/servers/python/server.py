"""A text classifier of scikit-learn behind uvicorn: TF-IDF of character n-grams, then a multilayer perceptron.

Trained at the start on texts drawn from a seed: what it answers does not matter here, what it costs does. Prints its
address as one line of JSON and ends when its standard input does.
"""

import argparse
import asyncio
import json
import random
import socket
import sys
import threading
import warnings

import uvicorn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neural_network import MLPClassifier
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

LABELS = 4
TEXTS = 120


def train(layers: int, width: int, longest: int):
    draw = random.Random(7)
    letters = "etaoinshrdlucmfwypvbgk"
    words = ["".join(draw.choices(letters, range(len(letters), 0, -1), k=draw.randint(2, 9))) for _ in range(400)]
    texts = [" ".join(draw.choices(words, k=draw.randint(10, 60))) for _ in range(TEXTS)]
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, longest), max_features=1024, dtype="float32")
    network = MLPClassifier(hidden_layer_sizes=(width,) * layers, max_iter=1, batch_size=TEXTS, random_state=7)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network.fit(vectorizer.fit_transform(texts), [i % LABELS for i in range(TEXTS)])
    return vectorizer, network


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--width", type=int, default=1024)
    parser.add_argument("--longest-n-gram", type=int, default=3)
    options = parser.parse_args()
    vectorizer, network = train(options.layers, options.width, options.longest_n_gram)

    async def classify(request):
        text = (await request.body()).decode()
        probabilities = network.predict_proba(vectorizer.transform([text]))[0]
        return JSONResponse({"probabilities": [float(value) for value in probabilities]})

    async def ready(_request):
        return PlainTextResponse("ready")

    app = Starlette(routes=[Route("/classify", classify, methods=["POST"]), Route("/ready", ready)])
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it on, answers wait 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))

    def end_with_parent() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=end_with_parent, daemon=True).start()
    print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    asyncio.run(server.serve(sockets=[listener]))


main()
