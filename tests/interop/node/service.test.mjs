// azure-iothub over HTTPS: registry, modules, twins, methods, queries, jobs, configurations, digital twins, import and
// export. Run by tests/interop/run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { request } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import iothub from 'azure-iothub';
import device from 'azure-iot-device';
import mqtt from 'azure-iot-device-mqtt';
import { env, next } from './support/hubwire.mjs';

const deadline = { timeout: 60_000 };
const connectionString = env('IOTHUB_CONNECTION_STRING');
const host = /HostName=([^;]+)/.exec(connectionString)[1];
const registry = iothub.Registry.fromConnectionString(connectionString);
const client = iothub.Client.fromConnectionString(connectionString);
const jobs = iothub.JobClient.fromConnectionString(connectionString);
const digitalTwins = new iothub.DigitalTwinClient(new iothub.IoTHubTokenCredentials(connectionString));
const run = randomUUID().slice(0, 8);
const name = (what) => `${what}-${run}`;

/** One device that answers, for every test that needs one: { deviceId, client, twin, calls }. */
let live;

async function create(what, more = {}) {
  return (await registry.create({ deviceId: name(what), ...more })).responseBody;
}

async function connect(identity, setUp = () => {}) {
  const of = identity.moduleId ? `${identity.deviceId};ModuleId=${identity.moduleId}` : identity.deviceId;
  const key = identity.authentication.symmetricKey.primaryKey;
  const Client = identity.moduleId ? device.ModuleClient : device.Client;
  const made = Client.fromConnectionString(`HostName=${host};DeviceId=${of};SharedAccessKey=${key}`, mqtt.Mqtt);
  await setUp(made);
  await made.open();
  return made;
}

/** Answers with its payload turned round; `fail` with 500, `never` not at all, `bytes` with what is no object. */
function answerMethods(made, calls) {
  made.onDeviceMethod('echo', (call, answer) => {
    calls.push(call.payload);
    answer.send(200, { got: call.payload }, () => {});
  });
  made.onDeviceMethod('fail', (call, answer) => answer.send(500, 'broken', () => {}));
  made.onDeviceMethod('never', () => {});
}

/** Asks until it is so. */
async function until(what, ask, isSo) {
  for (let i = 0; i < 300; i++) {
    const value = await ask();
    if (isSo(value)) return value;
    await pause(100);
  }
  return assert.fail(`${what} did not come within 30 s`);
}

async function rows(query) {
  const all = [];
  do {
    const { result } = await query.next(query.continuationToken);
    all.push(...result);
  } while (query.hasMoreResults);
  return all;
}

function refusedWith(error, status) {
  return (thrown) => {
    assert.equal(thrown.name, error, String(thrown));
    assert.equal(thrown.response?.statusCode, status);
    return true;
  };
}

before(async () => {
  const identity = await create('live');
  const calls = [];
  const made = await connect(identity, (c) => c.setOptions({ modelId: 'dtmi:com:example:Thermostat;1' }));
  answerMethods(made, calls);
  const twin = await made.getTwin();
  // a method that is not subscribed yet is one of a device that is not there
  await until('the subscription', () => client.invokeDeviceMethod(identity.deviceId, { methodName: 'echo' }).catch(() => null), Boolean);
  calls.length = 0;
  live = { deviceId: identity.deviceId, client: made, twin, calls };
}, deadline);

after(async () => {
  await live?.client.close();
  const mine = (await registry.list()).responseBody.filter((each) => each.deviceId.endsWith(run));
  for (let i = 0; i < mine.length; i += 100) await registry.removeDevices(mine.slice(i, i + 100), true);
}, deadline);

test('a device is made, read, changed and deleted; each refusal is the error the SDK has for it', deadline, async () => {
  const made = await create('crud', { status: 'disabled', statusReason: 'in the attic' });
  assert.equal(Buffer.from(made.authentication.symmetricKey.primaryKey, 'base64').length, 32);
  assert.deepEqual((await registry.get(made.deviceId)).responseBody, made);
  await assert.rejects(registry.create({ deviceId: made.deviceId }), refusedWith('DeviceAlreadyExistsError', 409));

  const { responseBody: changed } = await registry.update({ deviceId: made.deviceId, status: 'enabled' });
  assert.equal(changed.status, 'enabled');
  assert.notEqual(changed.etag, made.etag);
  assert.equal(changed.generationId, made.generationId);

  const { httpResponse } = await registry.delete(made.deviceId);
  assert.equal(httpResponse.statusCode, 204);
  await assert.rejects(registry.get(made.deviceId), refusedWith('DeviceNotFoundError', 404));
  await assert.rejects(registry.delete(made.deviceId), refusedWith('DeviceNotFoundError', 404));
});

test('every way to authenticate a device comes back as it was given', deadline, async () => {
  const keys = { primaryKey: Buffer.alloc(32, 1).toString('base64'), secondaryKey: Buffer.alloc(32, 2).toString('base64') };
  assert.deepEqual((await create('keys', { authentication: { symmetricKey: keys } })).authentication.symmetricKey, keys);

  const thumbprints = { primaryThumbprint: 'A'.repeat(40), secondaryThumbprint: 'B'.repeat(64) };
  const { authentication: self } = await create('self', { authentication: { x509Thumbprint: thumbprints } });
  assert.equal(self.type, 'selfSigned');
  assert.deepEqual(self.x509Thumbprint, thumbprints);

  const { authentication: ca } = await create('ca', { authentication: { type: 'certificateAuthority' } });
  assert.equal(ca.type, 'certificateAuthority');

  const edge = await create('edge', { capabilities: { iotEdge: true } });
  assert.match(edge.deviceScope, /^ms-azure-iot-edge:\/\//);
  assert.equal((await create('leaf', { deviceScope: edge.deviceScope })).deviceScope, edge.deviceScope);
});

test('ids with every character that is allowed find their way', deadline, async () => {
  const { deviceId } = await create("-:.+%_#*?!(),=@;$'");
  assert.equal((await registry.get(deviceId)).responseBody.deviceId, deviceId);
  assert.equal((await registry.getTwin(deviceId)).responseBody.deviceId, deviceId);
  await assert.rejects(registry.create({ deviceId: `${name('bad')} /` }), refusedWith('ArgumentError', 400));
});

test('many devices are made, changed and deleted at once, and each failure is told', deadline, async () => {
  const ids = [1, 2, 3].map((n) => ({ deviceId: name(`bulk${n}`) }));
  const { responseBody: added } = await registry.addDevices(ids.map((each) => ({ ...each, authentication: { symmetricKey: {} } })));
  assert.deepEqual([added.isSuccessful, added.errors], [true, []]);

  const again = await registry.addDevices(ids.slice(0, 1)).catch((thrown) => thrown);
  const told = again.responseBody ?? again;
  assert.match(JSON.stringify(told), /DeviceAlreadyExists/);

  const current = (await registry.get(ids[0].deviceId)).responseBody;
  const stale = { ...current, status: 'disabled', etag: 'AAAA' };
  const refused = await registry.updateDevices([stale], false).catch((thrown) => thrown);
  assert.match(JSON.stringify(refused.responseBody ?? refused), /PreconditionFailed/);
  assert.equal((await registry.updateDevices([{ ...current, status: 'disabled' }], false)).responseBody.isSuccessful, true);
  assert.equal((await registry.get(current.deviceId)).responseBody.status, 'disabled');

  assert.equal((await registry.removeDevices(ids, true)).responseBody.isSuccessful, true);
  await assert.rejects(registry.get(ids[2].deviceId), refusedWith('DeviceNotFoundError', 404));
});

test('statistics count what is there', deadline, async () => {
  const { responseBody: before } = await registry.getRegistryStatistics();
  await create('counted', { status: 'disabled' });
  const { responseBody: now } = await registry.getRegistryStatistics();
  assert.equal(now.totalDeviceCount, before.totalDeviceCount + 1);
  assert.equal(now.disabledDeviceCount, before.disabledDeviceCount + 1);
  assert.ok((await registry.list()).responseBody.some((each) => each.deviceId === name('counted')));
});

test('modules are made, read, changed and deleted', deadline, async () => {
  const { deviceId } = await create('parent');
  await registry.addModule({ deviceId, moduleId: 'm1', managedBy: 'me' });
  await assert.rejects(registry.addModule({ deviceId, moduleId: 'm1' }), (thrown) => thrown.response?.statusCode === 409);
  const { responseBody: module } = await registry.getModule(deviceId, 'm1');
  assert.equal(module.managedBy, 'me');
  await assert.rejects(registry.updateModule({ ...module, etag: 'AAAA' }), (thrown) => thrown.response?.statusCode === 412);
  const { responseBody: changed } = await registry.updateModule({ ...module, managedBy: 'you' });
  assert.equal(changed.managedBy, 'you');
  await registry.addModule({ deviceId, moduleId: 'm2' });
  const { responseBody: both } = await registry.getModulesOnDevice(deviceId);
  assert.deepEqual(both.map((each) => each.moduleId).sort(), ['m1', 'm2']);

  const { responseBody: twin } = await registry.getModuleTwin(deviceId, 'm2');
  const { responseBody: patched } = await registry.updateModuleTwin(deviceId, 'm2', { tags: { at: 'door' } }, twin.etag);
  assert.deepEqual(patched.tags, { at: 'door' });

  await registry.removeModule(deviceId, 'm2');
  await assert.rejects(registry.getModule(deviceId, 'm2'), (thrown) => thrown.response?.statusCode === 404);
});

test('a twin is changed by merging, and only when nobody else has', deadline, async () => {
  const { deviceId } = await create('twin');
  const { responseBody: twin } = await registry.getTwin(deviceId);
  const stale = twin.etag;
  await twin.update({ tags: { a: { b: 1, c: 2 } }, properties: { desired: { list: [1, 2], deep: { x: null, y: 'ü' } } } });
  assert.deepEqual(twin.tags, { a: { b: 1, c: 2 } });
  assert.equal(twin.properties.desired.$version, 2);
  assert.deepEqual(twin.properties.desired.deep, { y: 'ü' });
  await twin.update({ tags: { a: { b: null } } });
  assert.deepEqual(twin.tags, { a: { c: 2 } });

  await assert.rejects(registry.updateTwin(deviceId, { tags: {} }, stale), (thrown) => thrown.response?.statusCode === 412);
  const { responseBody: forced } = await registry.updateTwin(deviceId, { tags: { forced: true } }, '*');
  assert.deepEqual(forced.tags, { a: { c: 2 }, forced: true });
  await assert.rejects(registry.updateTwin(deviceId, { tags: { 'a.b': 1 } }, '*'), refusedWith('ArgumentError', 400));
});

test('desired properties reach the device, and reported ones the back end', deadline, async () => {
  let heard;
  live.twin.on('properties.desired.interval', (value) => { heard = value; });
  // the SDK subscribes in the background and does not say when it is done, so the first change may come too early
  for (let attempt = 0; heard === undefined && attempt < 10; attempt++) {
    await registry.updateTwin(live.deviceId, { properties: { desired: { interval: 7 } } }, '*');
    for (let i = 0; heard === undefined && i < 20; i++) await pause(100);
  }
  assert.equal(heard, 7);
  await promisify(live.twin.properties.reported.update)({ interval: 7 });
  const { responseBody: twin } = await registry.getTwin(live.deviceId);
  assert.equal(twin.properties.reported.interval, 7);
  assert.equal(twin.connectionState, 'Connected');
  assert.equal(twin.modelId, 'dtmi:com:example:Thermostat;1');
});

test('a method is called on a device and its answer comes back, its failures included', deadline, async () => {
  const call = (methodName, more) => client.invokeDeviceMethod(live.deviceId, { methodName, responseTimeoutInSeconds: 15, ...more });
  for (const payload of [{ a: [1, null, 'ü'] }, null, 'text', 42]) {
    const { result } = await call('echo', { payload });
    assert.deepEqual(result, { status: 200, payload: { got: payload } });
  }
  assert.deepEqual((await call('fail', { payload: {} })).result, { status: 500, payload: 'broken' });
  await assert.rejects(call('never', { responseTimeoutInSeconds: 5 }), (thrown) => thrown.response?.statusCode === 504);

  const { deviceId } = await create('away');
  const elsewhere = { methodName: 'echo', responseTimeoutInSeconds: 5 };
  for (const [id, number] of [[deviceId, /404103/], [name('nobody'), /404001/]]) {
    await assert.rejects(client.invokeDeviceMethod(id, elsewhere), (thrown) => {
      assert.equal(thrown.response?.statusCode, 404);
      assert.match(thrown.responseBody, number); // the SDK has one error for both
      return true;
    });
  }
});

test('a method is called on a module', deadline, async () => {
  const { deviceId } = await create('host');
  await registry.addModule({ deviceId, moduleId: 'm' });
  const made = await connect((await registry.getModule(deviceId, 'm')).responseBody);
  try {
    made.onMethod('ping', (call, answer) => answer.send(201, { pong: call.payload }, () => {}));
    const ping = { methodName: 'ping', payload: 1, connectTimeoutInSeconds: 10, responseTimeoutInSeconds: 10 };
    const { result } = await client.invokeDeviceMethod(deviceId, 'm', ping);
    assert.deepEqual(result, { status: 201, payload: { pong: 1 } });
  } finally {
    await made.close();
  }
});

test('a query goes page by page, gives twins or rows, and says what is wrong with it', deadline, async () => {
  const ids = [1, 2, 3, 4, 5].map((n) => name(`asked${n}`));
  await registry.addDevices(ids.map((deviceId) => ({ deviceId })));
  for (const [n, id] of ids.entries()) await registry.updateTwin(id, { tags: { run, odd: n % 2 === 0, n } }, '*');

  const query = registry.createQuery(`SELECT * FROM devices WHERE tags.run = '${run}'`, 2);
  const pages = [];
  while (query.hasMoreResults) pages.push((await query.nextAsTwin()).result);
  assert.deepEqual(pages.map((page) => page.length), [2, 2, 1]);
  assert.deepEqual(pages.flat().map((twin) => twin.deviceId).sort(), ids);
  await pages[0][0].update({ tags: { seen: true } });

  const groups = await rows(
    registry.createQuery(
      `SELECT tags.odd AS odd, COUNT() AS n, AVG(tags.n) AS mean FROM devices WHERE tags.run = '${run}' GROUP BY tags.odd`,
    ),
  );
  assert.deepEqual(
    groups.sort((a, b) => a.n - b.n),
    [
      { odd: false, n: 2, mean: 2 },
      { odd: true, n: 3, mean: 2 },
    ],
  );
  await assert.rejects(rows(registry.createQuery('SELECT * FROM')), refusedWith('ArgumentError', 400));
});

test('jobs change twins and call methods, are listed and can be called off', deadline, async () => {
  const over = (id) => until(`the end of ${id}`, async () => (await jobs.getJob(id)).jobStatus, (job) => ['completed', 'failed', 'cancelled'].includes(job.status));
  const twinJob = name('twin-job');
  const one = `deviceId = '${live.deviceId}'`;
  const { jobStatus: begun } = await jobs.scheduleTwinUpdate(twinJob, one, { etag: '*', tags: { byJob: true } }, new Date(), 60);
  assert.equal(begun.jobId, twinJob);
  const updated = await over(twinJob);
  assert.equal(updated.status, 'completed');
  assert.deepEqual([updated.deviceJobStatistics.deviceCount, updated.deviceJobStatistics.succeededCount], [1, 1]);
  assert.equal((await registry.getTwin(live.deviceId)).responseBody.tags.byJob, true);

  const methodJob = name('method-job');
  await jobs.scheduleDeviceMethod(methodJob, one, { methodName: 'echo', payload: { n: 1 }, responseTimeoutInSeconds: 10 }, new Date(), 60);
  assert.equal((await over(methodJob)).deviceJobStatistics.succeededCount, 1);
  const [row] = await rows(registry.createQuery(`SELECT * FROM devices.jobs WHERE devices.jobs.jobId = '${methodJob}'`));
  assert.deepEqual(row.outcome.deviceMethodResponse, { status: 200, payload: { got: { n: 1 } } });

  const later = name('later');
  await jobs.scheduleTwinUpdate(later, one, { etag: '*', tags: {} }, new Date(Date.now() + 3600_000), 60);
  const waiting = await rows(jobs.createQuery('scheduleUpdateTwin', 'scheduled'));
  assert.ok(waiting.some((job) => job.jobId === later));
  assert.equal((await jobs.cancelJob(later)).jobStatus.status, 'cancelled');
  await assert.rejects(jobs.scheduleTwinUpdate(twinJob, one, { etag: '*', tags: {} }, new Date(), 60), (thrown) => thrown.response?.statusCode === 409);
  await assert.rejects(jobs.getJob(name('none')), (thrown) => /JobNotFound/.test(thrown.responseBody));
});

test('a configuration reaches the devices it is for, and is changed only by whoever saw its last version', deadline, async () => {
  const id = name('config');
  await registry.updateTwin(live.deviceId, { tags: { configured: run } }, '*');
  await registry.addConfiguration({
    id,
    schemaVersion: '1.0',
    content: { deviceContent: { 'properties.desired.mode': { level: 3 } } },
    targetCondition: `tags.configured = '${run}'`,
    priority: 5,
    metrics: { queries: { all: `SELECT deviceId FROM devices WHERE tags.configured = '${run}'` } },
  });
  const counted = await until(
    'the count',
    async () => (await registry.getConfiguration(id)).responseBody,
    (each) => each.systemMetrics.results.appliedCount === 1,
  );
  assert.equal(counted.metrics.results.all, 1);
  const { responseBody: twin } = await registry.getTwin(live.deviceId);
  assert.deepEqual(twin.properties.desired.mode, { level: 3 });

  await assert.rejects(registry.updateConfiguration({ ...counted, etag: 'AAAA' }), (thrown) => thrown.response?.statusCode === 412);
  const { responseBody: changed } = await registry.updateConfiguration({ ...counted, priority: 6 });
  assert.equal(changed.priority, 6);
  assert.ok((await registry.getConfigurations()).responseBody.some((each) => each.id === id));
  await registry.removeConfiguration(id);
  await assert.rejects(registry.getConfiguration(id), (thrown) => thrown.response?.statusCode === 404);

  const { deviceId } = await create('applied', { capabilities: { iotEdge: true } });
  const agent = { 'properties.desired': { schemaVersion: '1.1', runtime: {}, systemModules: {}, modules: {} } };
  const { httpResponse } = await registry.applyConfigurationContentOnDevice(deviceId, { modulesContent: { $edgeAgent: agent } });
  assert.equal(httpResponse.statusCode, 204);
  assert.equal((await registry.getModuleTwin(deviceId, '$edgeAgent')).responseBody.properties.desired.schemaVersion, '1.1');
});

test('a digital twin is read, changed and called', deadline, async () => {
  const { $dtId, $metadata, _response } = await digitalTwins.getDigitalTwin(live.deviceId);
  assert.equal($dtId, live.deviceId);
  assert.equal($metadata.$model, 'dtmi:com:example:Thermostat;1');
  const etag = _response.headers.get('etag');
  assert.match(etag, /^".+"$/);

  const heard = next('desired patch', (done) => live.twin.on('properties.desired.target', done));
  await digitalTwins.updateDigitalTwin(live.deviceId, [{ op: 'add', path: '/target', value: 21.5 }], etag);
  assert.equal(await heard, 21.5);
  const stale = digitalTwins.updateDigitalTwin(live.deviceId, [{ op: 'remove', path: '/target' }], etag);
  await assert.rejects(stale, (thrown) => thrown.statusCode === 412);

  const answer = await digitalTwins.invokeCommand(live.deviceId, 'echo', { a: 1 });
  assert.equal(answer._response.headers.get('x-ms-command-statuscode'), '200');
  assert.deepEqual(answer._response.parsedBody, { got: { a: 1 } });
  live.client.onDeviceMethod('room*echo', (call, reply) => reply.send(202, call.payload, () => {}));
  const component = await digitalTwins.invokeComponentCommand(live.deviceId, 'room', 'echo', { b: 2 });
  assert.equal(component._response.headers.get('x-ms-command-statuscode'), '202');
  assert.deepEqual(component._response.parsedBody, { b: 2 });
  await assert.rejects(digitalTwins.getDigitalTwin(name('nobody')), (thrown) => thrown.statusCode === 404);
});

function blob(method, blobName, body) {
  const url = new URL(env('HUBWIRE_REGISTRY_CONTAINER'));
  url.pathname += `/${blobName}`;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { 'x-ms-blob-type': 'BlockBlob' } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    sent.on('error', reject).end(body);
  });
}

test('the registry is exported to a container, and imported from it', deadline, async () => {
  const container = env('HUBWIRE_REGISTRY_CONTAINER');
  const { deviceId, authentication } = await create('carried');
  const over = ({ jobId }) => until('the end', () => registry.getJob(jobId), (job) => ['completed', 'failed'].includes(job.status));

  const exported = await over(await registry.exportDevicesToBlob(container, false));
  assert.deepEqual([exported.status, exported.progress], ['completed', 100]);
  const lines = (await blob('GET', 'devices.txt')).text.trim().split('\n').map(JSON.parse);
  const line = lines.find((each) => each.id === deviceId);
  assert.deepEqual(line.authentication, authentication);

  await registry.delete(deviceId);
  assert.equal((await blob('PUT', 'devices.txt', JSON.stringify({ ...line, importMode: 'create' }))).status, 201);
  assert.equal((await over(await registry.importDevicesFromBlob(container, container))).status, 'completed');
  assert.deepEqual((await registry.get(deviceId)).responseBody.authentication, authentication);

  assert.equal((await over(await registry.exportDevicesToBlob(container, true))).status, 'completed');
  assert.ok(!(await blob('GET', 'devices.txt')).text.includes(authentication.symmetricKey.primaryKey));
  const { responseBody: all } = await registry.listJobs();
  assert.ok(all.length >= 3);
  const closed = container.replace(/\?.*/, '');
  await assert.rejects(registry.exportDevicesToBlob(closed, false), (thrown) => thrown.response?.statusCode === 400);
  assert.equal((await over(await registry.exportDevicesToBlobByIdentity(closed, true))).status, 'completed');
  assert.equal((await blob('DELETE', 'devices.txt')).status, 202);
});

test('who lacks the right, or has another key, is refused', deadline, async () => {
  const service = iothub.Registry.fromConnectionString(env('IOTHUB_SERVICE_CONNECTION_STRING'));
  await assert.rejects(service.get(live.deviceId), refusedWith('UnauthorizedError', 401));
  assert.equal((await service.getTwin(live.deviceId)).responseBody.deviceId, live.deviceId);
  const stranger = iothub.Registry.fromConnectionString(connectionString.replace(/SharedAccessKey=.*/, `SharedAccessKey=${Buffer.alloc(32, 9).toString('base64')}`));
  await assert.rejects(stranger.get(live.deviceId), refusedWith('UnauthorizedError', 401));
});
