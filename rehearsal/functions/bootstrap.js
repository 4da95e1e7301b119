"use strict";
// Runs one invocation of a Node.js handler: `bootstrap.js <event file> <result file>`.
// What it needs to know stands in the environment, as in Lambda.

const fs = require("node:fs");
const http = require("node:http");
const https = require("node:https");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const environment = process.env;
const [, , eventFile, resultFile] = process.argv;

// CDK's handlers answer CloudFormation with `https.request({hostname, path})` and no port: such a
// request goes to the loopback port that expects the answer.
const answers = new URL(environment.REHEARSAL_RESPONSE_URL);
const secureRequest = https.request;
https.request = (first, ...rest) => {
  const wanted = first && (typeof first === "string" ? new URL(first).pathname : first.path || first.pathname);
  if (typeof wanted === "string" && wanted.startsWith(answers.pathname)) {
    const options = typeof first === "object" && !(first instanceof URL) ? first : { path: wanted };
    return http.request(
      { ...options, protocol: "http:", host: answers.hostname, hostname: answers.hostname, port: answers.port },
      ...rest,
    );
  }
  return secureRequest(first, ...rest);
};

async function load(file) {
  for (const extension of [".js", ".cjs"]) {
    if (fs.existsSync(file + extension)) {
      return require(file + extension);
    }
  }
  return import(pathToFileURL(file + ".mjs"));
}

function context() {
  const deadline = Date.now() + Number(environment.REHEARSAL_TIMEOUT) * 1000;
  return {
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: "$LATEST",
    invokedFunctionArn: environment.REHEARSAL_FUNCTION_ARN,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: environment.REHEARSAL_REQUEST_ID,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function run(event) {
  const split = environment._HANDLER.lastIndexOf(".");
  const loaded = await load(path.join(environment.LAMBDA_TASK_ROOT, environment._HANDLER.slice(0, split)));
  return loaded[environment._HANDLER.slice(split + 1)](event, context());
}

async function main() {
  let answer;
  try {
    const result = await run(JSON.parse(fs.readFileSync(eventFile, "utf8")));
    answer = { result: result === undefined ? null : result };
  } catch (error) {
    console.error(error);
    const stack = String((error && error.stack) || "").split("\n");
    answer = { error: { errorMessage: String(error.message || error), errorType: error.name || "Error", trace: stack } };
  }
  fs.writeFileSync(resultFile, JSON.stringify(answer));
  process.exit(0);
}

main();
