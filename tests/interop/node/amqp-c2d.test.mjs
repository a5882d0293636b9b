// azure-iothub over AMQP: sends to a device, hears of it by feedback, is told what is wrong. Run by tests/interop/run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import iothub from 'azure-iothub';
import common from 'azure-iot-common';
import device from 'azure-iot-device';
import mqtt from 'azure-iot-device-mqtt';

const deadline = { timeout: 60_000 };
const connectionString = process.env.IOTHUB_CONNECTION_STRING;
const registry = iothub.Registry.fromConnectionString(connectionString);
const run = randomUUID();
const created = [];
let client;

before(async () => {
  client = iothub.Client.fromConnectionString(connectionString);
  await client.open();
}, deadline);

after(async () => {
  await client?.close();
  for (const id of created) await registry.delete(id);
});

async function newDevice(name) {
  const deviceId = `${name}-${run}`;
  const { responseBody } = await registry.create({ deviceId });
  created.push(deviceId);
  const host = /HostName=([^;]+)/.exec(connectionString)[1];
  return { deviceId, text: `HostName=${host};DeviceId=${deviceId};SharedAccessKey=${responseBody.authentication.symmetricKey.primaryKey}` };
}

function message(text, ack) {
  const made = new common.Message(text);
  made.messageId = randomUUID();
  made.ack = ack;
  made.properties.add('n', '1');
  return made;
}

test('a message reaches the device and its feedback the back end, which completes it', deadline, async () => {
  const { deviceId, text } = await newDevice('fb');
  const receiver = await promisify(client.getFeedbackReceiver.bind(client))();
  const mine = new Promise((resolve, reject) => {
    receiver.on('errorReceived', reject);
    receiver.on('message', (batch) => {
      const records = JSON.parse(batch.data.toString()).filter((record) => record.deviceId === deviceId);
      promisify(receiver.complete.bind(receiver))(batch).then(() => records.length && resolve(records[0]), reject);
    });
  });
  const other = device.Client.fromConnectionString(text, mqtt.Mqtt);
  try {
    await other.open();
    const arrived = new Promise((resolve) => {
      other.on('message', (got) => other.complete(got, () => resolve(got)));
    });
    await sleep(1_000); // the SDK subscribes behind our back, and what was sent before that is kept for others
    const out = message('cool down', 'full');
    await client.send(deviceId, out);
    const got = await arrived;
    assert.equal(got.data.toString(), 'cool down');
    assert.equal(got.messageId, out.messageId);
    assert.equal(got.properties.getValue('n'), '1');
    const record = await mine;
    assert.equal(record.originalMessageId, out.messageId);
    assert.equal(record.statusCode, 'Success');
  } finally {
    await other.close();
  }
});

test('an unknown device is not found, and the link goes on', deadline, async () => {
  await assert.rejects(client.send(`nobody-${run}`, message('x', 'none')), { name: 'DeviceNotFoundError' });
  const { deviceId } = await newDevice('after');
  await client.send(deviceId, message('x', 'none'));
});

test('the fifty-first message is refused', deadline, async () => {
  const { deviceId } = await newDevice('full');
  for (let n = 0; n < 50; n++) await client.send(deviceId, message(`m${n}`, 'none'));
  await assert.rejects(client.send(deviceId, message('one more', 'none')), { name: 'DeviceMaximumQueueDepthExceededError' });
});

test('a foreign key is refused', deadline, async () => {
  const foreign = connectionString.replace(/SharedAccessKey=.+$/, `SharedAccessKey=${Buffer.alloc(32).toString('base64')}`);
  const stranger = iothub.Client.fromConnectionString(foreign);
  await assert.rejects(stranger.open());
});
