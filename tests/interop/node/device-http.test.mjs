// The official Node device SDK over HTTPS, and its file upload over both transports, against a local hub.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const { Client, Message } = require('azure-iot-device');
const { Http } = require('azure-iot-device-http');
const { Mqtt } = require('azure-iot-device-mqtt');
const iothub = require('azure-iothub');

const hub = process.env.IOTHUB_CONNECTION_STRING;
const deviceId = `node-http-${process.pid}`;
const registry = iothub.Registry.fromConnectionString(hub);
const service = iothub.Client.fromConnectionString(hub);
const run = promisify(execFile);
let connectionString;
let feedback;
const clients = [];

const hubwire = async (...args) => {
  const { stdout } = await run(process.env.HUBWIRE_COMMAND, [...args, '-o', 'json'], { maxBuffer: 64 << 20 });
  return stdout.split('\n').filter(Boolean);
};
const lines = async (...args) => (await hubwire(...args)).map((line) => JSON.parse(line));

before(async () => {
  const { responseBody } = await registry.create({ deviceId });
  const host = /HostName=([^;]+)/.exec(hub)[1];
  connectionString = `HostName=${host};DeviceId=${deviceId};SharedAccessKey=${responseBody.authentication.symmetricKey.primaryKey}`;
  await service.open();
  feedback = await promisify(service.getFeedbackReceiver.bind(service))();
});

after(async () => {
  // one that still polls would keep the process
  await Promise.all(clients.map((client) => client.close().catch(() => {})));
  await registry.delete(deviceId);
  await service.close();
});

const opened = async (transport) => {
  const client = Client.fromConnectionString(connectionString, transport);
  await client.open();
  clients.push(client);
  return client;
};

/** The hub's word on one C2D message. */
const fateOf = (messageId) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error(`no feedback on ${messageId} in 20 s`)), 20_000);
  const seen = (records) => {
    const ours = JSON.parse(records.data).find((record) => record.originalMessageId === messageId);
    feedback.complete(records, (failed) => failed && reject(failed));
    if (ours) {
      clearTimeout(timer);
      feedback.removeListener('message', seen);
      resolve(ours.statusCode ?? ours.description);
    }
  };
  feedback.on('message', seen);
});

const sendC2d = async (messageId) => {
  const message = new (require('azure-iot-common').Message)(`for ${messageId}`);
  message.messageId = messageId;
  message.ack = 'full';
  message.properties.add('kind', 'test');
  await service.send(deviceId, message);
};

/** The next message by polling once a second. */
const nextMessage = (client) => new Promise((resolve) => {
  client.once('message', resolve);
});

test('events and batches arrive with their properties', { timeout: 60_000 }, async () => {
  const client = await opened(Http);
  const single = new Message('{"n":1}');
  single.messageId = 'single';
  single.contentType = 'application/json';
  single.contentEncoding = 'utf-8';
  single.properties.add('k', 'v w');
  await client.sendEvent(single);
  const batch = ['two', 'three'].map((text) => {
    const message = new Message(text);
    message.properties.add('batch', text);
    return message;
  });
  await client.sendEventBatch(batch);
  await client.close();

  const events = await lines('monitor', '-d', deviceId, '--from', 'earliest', '--count', '3', '--timeout', '30s');
  assert.deepEqual(events.map((event) => event.body), ['{"n":1}', 'two', 'three']);
  assert.equal(events[0].properties.k, 'v w');
  assert.equal(events[0].system['message-id'], 'single');
  assert.equal(events[0].system['content-type'], 'application/json');
  assert.equal(events[2].properties.batch, 'three');
});

test('a message is completed, abandoned and rejected, and the sender hears of it', { timeout: 60_000 }, async () => {
  const client = await opened(Http);
  await client.setOptions({ http: { receivePolicy: { interval: 1 } } });

  const completed = fateOf('c');
  await sendC2d('c');
  const first = await nextMessage(client);
  assert.equal(first.messageId, 'c');
  assert.equal(first.getData().toString(), 'for c');
  // this SDK leaves the header's prefix in the name
  assert.equal(first.properties.getValue('iothub-app-kind'), 'test');
  await client.complete(first);
  assert.equal(await completed, 'Success');

  const rejected = fateOf('r');
  await sendC2d('r');
  const given = await nextMessage(client);
  assert.equal(given.messageId, 'r');
  await client.abandon(given);
  const again = await nextMessage(client);
  assert.equal(again.messageId, 'r');
  await client.reject(again);
  assert.equal(await rejected, 'Rejected');

  await assert.rejects(client.complete(again), (error) => /412|LockLost|NotFound|precondition/i.test(`${error.name} ${error.message}`));
  await client.close();
});

for (const [name, transport] of [['HTTP', Http], ['MQTT', Mqtt]]) {
  test(`a file goes up by a ${name} client and the back end hears of it`, { timeout: 60_000 }, async () => {
    const content = randomBytes(5 << 20);
    const client = await opened(transport);
    await client.uploadToBlob(`${name}/file 1.bin`, Readable.from([content]), content.length);
    await client.close();

    const [notice] = await lines('files', '--count', '1', '--timeout', '30s');
    assert.equal(notice.deviceId, deviceId);
    assert.equal(notice.blobName, `${deviceId}/${name}/file 1.bin`);
    assert.equal(notice.blobSizeInBytes, content.length);
  });
}

test('the blob is what was sent', { timeout: 60_000 }, async () => {
  const content = randomBytes(9 << 20);
  const client = await opened(Http);
  const place = await client.getBlobSharedAccessSignature('checked.bin');
  const { BlockBlobClient, AnonymousCredential, newPipeline } = require('@azure/storage-blob');
  const url = `https://${place.hostName}/${place.containerName}/${encodeURIComponent(place.blobName)}${place.sasToken}`;
  const blob = new BlockBlobClient(url, newPipeline(new AnonymousCredential()));
  await blob.uploadData(content, { blockSize: 1 << 20, concurrency: 3, maxSingleShotSize: 1 << 20 });
  const back = await blob.downloadToBuffer();
  const md5 = (bytes) => createHash('md5').update(bytes).digest('hex');
  assert.equal(md5(back), md5(content));
  const notices = await promisify(service.getFileNotificationReceiver.bind(service))();
  const noticed = once(notices, 'message');
  await client.notifyBlobUploadStatus(place.correlationId, true, 200, 'OK');
  const [message] = await noticed;
  await promisify(notices.complete.bind(notices))(message);
  const notice = JSON.parse(message.data);
  assert.equal(notice.blobName, `${deviceId}/checked.bin`);
  assert.equal(notice.blobSizeInBytes, content.length);
  await client.close();
});
