import http, { type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { CoreApi, CoreInvocationContext, RegisteredFunction, RpcInvocationResponse } from "./core-api";
import type { RouteMatch } from "./routes";
import { sendRpcResponse } from "./rpc-response";

/** One call of an HTTP function. */
export interface Invocation extends RouteMatch {
  readonly id: string;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The whole body; undefined if the model takes it as a stream. */
  readonly body: Buffer | undefined;
  readonly log: (level: string, category: string, message: string) => void;
}

/** Calls the function in the order of the worker's InvocationHandler: model, pre-invocation hooks, function, post-invocation hooks, response. */
export async function invoke(
  core: CoreApi,
  invocation: Invocation,
  streamAddress: URL | undefined,
): Promise<void> {
  const registered = core.functions.get(invocation.info.name);
  if (registered === undefined) throw new Error(`The function '${invocation.info.name}' is not loaded.`);
  if (streamAddress === undefined) {
    const answer = await call(core, registered, invocation);
    return sendRpcResponse(invocation.response, answer.returnValue?.http);
  }
  const relayed = relay(invocation, streamAddress);
  try {
    await Promise.race([call(core, registered, invocation).then(() => relayed.done), relayed.done]);
  } catch (error) {
    relayed.cancel();
    throw error;
  }
}

async function call(
  core: CoreApi,
  { metadata, callback }: RegisteredFunction,
  invocation: Invocation,
): Promise<RpcInvocationResponse> {
  const model = core.model();
  if (model === undefined) throw new Error("The app set no programming model.");
  const coreContext: CoreInvocationContext = {
    invocationId: invocation.id,
    metadata,
    request: rpcRequest(metadata.bindings, invocation),
    log: (level, category, message) => invocation.log(level, `${metadata.name}.${category}`, message),
  };
  const invocationModel = await model.getInvocationModel(coreContext);
  const { context, inputs } = await invocationModel.getArguments();
  const shared = { hookData: {}, appHookData: {}, invocationContext: context };
  const before = { ...shared, functionCallback: callback, inputs };
  coreContext.state = "preInvocationHooks";
  await core.runHooks("preInvocation", before);
  const after: Record<string, unknown> = { ...shared, inputs: before.inputs, result: null, error: null };
  coreContext.state = "invocation";
  try {
    after.result = await invocationModel.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error;
  }
  coreContext.state = "postInvocationHooks";
  await core.runHooks("postInvocation", after);
  coreContext.state = undefined;
  if (after.error) throw after.error;
  return invocationModel.getResponse(context, after.result);
}

function rpcRequest(
  bindings: RegisteredFunction["metadata"]["bindings"],
  { id, request, url, params, body }: Invocation,
): Record<string, unknown> {
  const [trigger = ""] =
    Object.entries(bindings).find(([, { type }]) => /^httptrigger$/i.test(String(type))) ?? [];
  const headers = flatHeaders(request);
  const rpcHttp = {
    method: request.method,
    url: url.href,
    headers,
    params,
    query: Object.fromEntries(url.searchParams),
    ...(body !== undefined && body.length > 0 && { body: { bytes: body } }),
  };
  const triggerMetadata = {
    ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }])),
    Headers: { json: JSON.stringify(headers) },
    Query: { json: JSON.stringify(rpcHttp.query) },
  };
  return {
    invocationId: id,
    inputData: [{ name: trigger, data: { http: rpcHttp } }],
    triggerMetadata,
    traceContext: {
      traceParent: headers.traceparent ?? "",
      traceState: headers.tracestate ?? "",
      attributes: {},
    },
  };
}

function flatHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

/** Relays request and response to the library's stream server, which identifies the invocation by a header. */
function relay(
  { id, request, response, url }: Invocation,
  address: URL,
): { done: Promise<void>; cancel: () => void } {
  const onward = http.request(new URL(`${url.pathname}${url.search}`, address), {
    ...(request.method !== undefined && { method: request.method }),
    headers: {
      ...request.headers,
      "x-ms-invocation-id": id,
      "x-forwarded-host": url.host,
      "x-forwarded-proto": url.protocol.replace(":", ""),
    },
    agent: false,
  });
  const done = new Promise<void>((resolve, reject) => {
    onward.once("error", reject);
    onward.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 500, withoutHopByHop(answer.headers));
      pipeline(answer, response).then(resolve, reject);
    });
  });
  done.catch(() => {});
  pipeline(request, onward).catch((error: Error) => onward.destroy(error));
  return { done, cancel: () => onward.destroy() };
}

function withoutHopByHop(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const {
    connection: _c,
    "keep-alive": _k,
    "transfer-encoding": _t,
    "x-ms-invocation-id": _i,
    ...rest
  } = headers;
  return rest;
}
