// Lambda's runtime loop, as short as it can be: loads the handler, then asks for events and answers them.
import http from 'node:http';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const root = '/2018-06-01/runtime/invocation/';
const agent = new http.Agent({keepAlive: true, maxSockets: 1});

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({host, port, agent, method, path: root + path}, response => {
      const chunks = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () => resolve({headers: response.headers, body: Buffer.concat(chunks).toString()}));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

const {handler} = await import(process.argv[2]);
for (;;) {
  const {headers, body} = await call('GET', 'next');
  const id = headers['lambda-runtime-aws-request-id'];
  try {
    await call('POST', `${id}/response`, JSON.stringify(await handler(JSON.parse(body))));
  } catch (error) {
    await call('POST', `${id}/error`, JSON.stringify({errorType: error.name, errorMessage: error.message}));
  }
}
