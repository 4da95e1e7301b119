"""Node.js functions run, and their answers to CloudFormation reach the loopback port."""

import http.server
import threading
from collections.abc import Callable
from dataclasses import replace

from rehearsal.functions import runtime as runtime_module
from rehearsal.functions.environment import Surroundings
from rehearsal.functions.function import Function
from rehearsal.functions.runtime import Runtime

Write = Callable[..., Function]


def test_a_handler_answers_and_its_errors_are_lambdas(write: Write, runtime: Runtime) -> None:
    source = """
exports.handler = async (event, context) => {
  if (event.fail) throw new TypeError("no");
  return {name: context.functionName, event, nodePath: process.env.NODE_PATH};
};
"""
    write(source, runtime_name="nodejs24.x")

    good, bad = runtime.invoke("handler", {"a": 1}), runtime.invoke("handler", {"fail": True})

    assert good.payload["name"] == "handler"
    assert good.payload["event"] == {"a": 1}
    assert good.payload["nodePath"].endswith("/modules")
    assert (bad.failed, bad.payload["errorMessage"], bad.payload["errorType"]) == (True, "no", "TypeError")


def test_an_answer_without_a_port_arrives(write: Write, runtime: Runtime) -> None:
    received: list[tuple[str, bytes]] = []

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://localhost:{server.server_port}/answers/"
    local = Runtime(runtime.log.parent, Surroundings("http://localhost:1", url, "eu-west-1"))
    source = """
const https = require("https");
exports.handler = (event) => new Promise((resolve, reject) => {
  const url = new URL(event.ResponseURL);
  const options = {hostname: url.hostname, path: url.pathname, method: "PUT", headers: {"content-length": 2}};
  const request = https.request(options, (response) => { response.resume(); resolve(response.statusCode); });
  request.on("error", reject);
  request.end("{}");
});
"""
    local.put(replace(write(source, runtime_name="nodejs24.x"), name="answering"))

    invocation = local.invoke("answering", {"ResponseURL": f"{url}42"})

    server.shutdown()
    assert invocation.payload == 200
    assert received == [("/answers/42", b"{}")]
    assert runtime_module.BOOTSTRAPS.joinpath("bootstrap.js").exists()
